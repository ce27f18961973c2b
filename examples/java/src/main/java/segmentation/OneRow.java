package segmentation;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The file's graph for one customer of whom every clustering column is known: a third of the whole graph's time.
 * Safe to share between threads: each call takes memory of its own for input and output.
 */
final class OneRow implements AutoCloseable {
    private static final String KEY = "one_complete_row";

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Contract contract;
    private final ConcurrentLinkedQueue<Call> idle = new ConcurrentLinkedQueue<>();

    private OneRow(OrtEnvironment environment, OrtSession session, Contract contract) {
        this.environment = environment;
        this.session = session;
        this.contract = contract;
    }

    /** Opens the graph in a file's metadata; empty for a file without it. */
    static Optional<OneRow> open(
            OrtEnvironment environment, OrtSession whole, OrtSession.SessionOptions options, Contract contract)
            throws OrtException {
        Optional<String> text = whole.getMetadata().getCustomMetadataValue(KEY);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] content = Base64.getDecoder().decode(text.get());
            return Optional.of(new OneRow(environment, environment.createSession(content, options), contract));
        } catch (IllegalArgumentException damaged) {
            throw new IllegalStateException("the graph '" + KEY + "' in the model file must be base64", damaged);
        }
    }

    /** Id, novelty, K probabilities and K distances of a validated row; null where the whole graph must answer. */
    double[] answer(Object[] row) throws OrtException {
        Call taken = idle.poll();
        Call call = taken == null ? new Call() : taken;
        try {
            for (int i = 0; i < row.length; i++) {
                Contract.Column column = contract.columns().get(i);
                double number = column.number(row[i]);
                boolean known = !Double.isNaN(number);
                if (!known && column.clusters()) {
                    return null;
                }
                call.values.put(i, known ? number : 0);
            }
            session.run(call.inputs, call.outputs).close(); // which keeps the outputs that it was given
            double[] answer = new double[call.answer.capacity()];
            call.answer.get(0, answer);
            return Double.isNaN(answer[1]) ? null : answer; // NaN: of a formula
        } finally {
            idle.add(call);
        }
    }

    @Override
    public void close() throws OrtException {
        for (Call call = idle.poll(); call != null; call = idle.poll()) {
            call.inputs.values().forEach(OnnxTensor::close);
            call.outputs.values().forEach(OnnxTensor::close);
        }
        session.close();
    }

    /** Tensors over memory that Java reads and writes. */
    private final class Call {
        final DoubleBuffer values = buffer(contract.columns().size());
        final DoubleBuffer answer = buffer(2 + 2 * contract.segments().size());
        final Map<String, OnnxTensor> inputs =
                Map.of("values", OnnxTensor.createTensor(environment, values, new long[] {values.capacity(), 1}));
        final Map<String, OnnxTensor> outputs =
                Map.of("answer", OnnxTensor.createTensor(environment, answer, new long[] {1, answer.capacity()}));

        Call() throws OrtException {}

        private static DoubleBuffer buffer(int numbers) {
            return ByteBuffer.allocateDirect(numbers * Double.BYTES).order(ByteOrder.nativeOrder()).asDoubleBuffer();
        }
    }
}
