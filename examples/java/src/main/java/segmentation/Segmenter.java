package segmentation;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.TensorInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Answers for one model file; safe to share between threads. */
public final class Segmenter implements AutoCloseable {
    static final String OPINION = "classifier_probabilities";
    private static final Set<String> OUTPUTS =
            Set.of("segment", "segment_id", "probabilities", "complete", "distances", "novelty");
    private static final Set<String> OUTPUTS_AND_OPINION =
            Set.of("segment", "segment_id", "probabilities", "complete", "distances", "novelty", OPINION);

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    private final OrtSession session;
    private final OneRow oneRow; // null in a file without it
    public final Contract contract;

    /** Opens a model file, compares it with its seal and reads its contract. */
    public Segmenter(String model) throws OrtException, IOException {
        boolean sealed = Seal.check(model);
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1); // more threads spin and cost ten times the CPU for models this small
            options.setInterOpNumThreads(1);
            options.setExecutionMode(ExecutionMode.SEQUENTIAL);
            session = environment.createSession(model, options);
            contract = readContract();
            oneRow = OneRow.open(environment, session, options, contract).orElse(null);
        }
        if (contract.sealed() && !sealed) {
            throw new IllegalStateException("the file '" + model
                    + "' must end with its seal, but it does not: it was cut or changed after training");
        }
    }

    /** Answers for N customers over K segments. The opinion is null where it was not requested. */
    public record Answers(
            String[] segment, long[] id, float[][] probabilities, boolean[] complete,
            double[][] distances, double[] novelty, float[][] opinion) {}

    /**
     * The answer for one customer; enough: whether the answer is certain enough for one segment. Distances are NaN
     * where a clustering column is unknown.
     */
    public record Answer(
            Contract.Segment segment, float probability, boolean complete, boolean enough, double novelty,
            double[] distances) {}

    /**
     * Answers for one customer.
     *
     * @param values by column name; null or left out is unknown
     * @throws InputException for an unknown column or a value that is refused
     */
    public Answer predict(Map<String, ?> values) throws OrtException {
        Object[] row = contract.check(values);
        Answers one = answerOneRow(row);
        return at(one == null ? answer(List.<Object[]>of(row), false) : one, 0, row);
    }

    /** The answer of the graph for one complete customer; null where the whole graph must answer. */
    Answers answerOneRow(Object[] row) throws OrtException {
        double[] found = oneRow == null ? null : oneRow.answer(row);
        if (found == null) {
            return null;
        }
        int count = contract.segments().size();
        int id = (int) found[0];
        float[] probabilities = new float[count];
        for (int i = 0; i < count; i++) {
            probabilities[i] = (float) found[2 + i];
        }
        return new Answers(
                new String[] {contract.segments().get(id).name()}, new long[] {id}, new float[][] {probabilities},
                new boolean[] {true}, new double[][] {Arrays.copyOfRange(found, 2 + count, found.length)},
                new double[] {found[1]}, null);
    }

    /** Runs the graph for validated rows, in one call. */
    public Answers answer(List<Object[]> rows, boolean opinion) throws OrtException {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            for (int i = 0; i < contract.columns().size(); i++) {
                Contract.Column column = contract.columns().get(i);
                inputs.put(column.name(), tensor(column.isCategory(), rows, i));
            }
            try (OrtSession.Result result = session.run(inputs, opinion ? OUTPUTS_AND_OPINION : OUTPUTS)) {
                return new Answers(
                        (String[]) value(result, "segment"), (long[]) value(result, "segment_id"),
                        (float[][]) value(result, "probabilities"), (boolean[]) value(result, "complete"),
                        (double[][]) value(result, "distances"), (double[]) value(result, "novelty"),
                        opinion ? (float[][]) value(result, OPINION) : null);
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    /** The answer for the customer in a row, with the given cells. */
    Answer at(Answers answers, int row, Object[] cells) {
        int id = (int) answers.id[row];
        float probability = answers.probabilities[row][id];
        boolean likely = probability >= (float) contract.thresholds().answerProbability();
        boolean alike = !(answers.novelty[row] > 1); // NaN: no clustering column
        boolean enough = answers.complete[row] || likely && alike && isKnown(cells);
        Contract.Segment segment = contract.segments().get(id);
        return new Answer(
                segment, probability, answers.complete[row], enough, answers.novelty[row], answers.distances[row]);
    }

    private static boolean isKnown(Object[] cells) {
        return Arrays.stream(cells).anyMatch(cell -> !cell.equals("") && !cell.equals(Double.NaN));
    }

    String runtime() {
        return environment.getVersion();
    }

    @Override
    public void close() throws OrtException {
        if (oneRow != null) {
            oneRow.close();
        }
        session.close();
    }

    /** Requests only the output "contract", for one customer with no known column. */
    private Contract readContract() throws OrtException, JsonProcessingException {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        for (NodeInfo input : session.getInputInfo().values()) {
            boolean category = ((TensorInfo) input.getInfo()).type == OnnxJavaType.STRING;
            List<Object[]> rows = List.<Object[]>of(new Object[] {category ? "" : (Object) Double.NaN});
            inputs.put(input.getName(), tensor(category, rows, 0));
        }
        try (OrtSession.Result result = session.run(inputs, Set.of("contract"))) {
            return Contract.parse(((String[]) value(result, "contract"))[0]);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(boolean category, List<Object[]> rows, int column) throws OrtException {
        long[] shape = {rows.size(), 1};
        if (category) {
            String[] texts = rows.stream().map(row -> (String) row[column]).toArray(String[]::new);
            return OnnxTensor.createTensor(environment, texts, shape);
        }
        double[] numbers = rows.stream().mapToDouble(row -> (Double) row[column]).toArray();
        return OnnxTensor.createTensor(environment, DoubleBuffer.wrap(numbers), shape);
    }

    private static Object value(OrtSession.Result result, String name) throws OrtException {
        return result.get(name).orElseThrow().getValue();
    }
}
