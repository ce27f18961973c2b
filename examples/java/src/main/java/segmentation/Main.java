package segmentation;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** predict NAME=VALUE ... | score IN OUT | vectors | bench. See README.md. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        int status = 2;
        try (Segmenter segmenter = new Segmenter(variable("MODEL", "../../artifacts/model.onnx"))) {
            status = command(segmenter, List.of(arguments));
        } catch (Exception error) {
            System.err.println(error instanceof InputException ? error.getMessage() : error.toString());
        }
        System.exit(status);
    }

    private static int command(Segmenter segmenter, List<String> arguments) throws Exception {
        Path vectors = Path.of(variable("VECTORS", "../../artifacts/test_vectors.json"));
        switch (arguments.isEmpty() ? "" : arguments.get(0)) {
            case "predict" -> predict(segmenter, arguments.subList(1, arguments.size()));
            case "score" -> {
                if (arguments.size() != 3) {
                    throw new InputException("score takes two files, IN and OUT");
                }
                System.err.println(Table.score(segmenter, Path.of(arguments.get(1)), Path.of(arguments.get(2))));
            }
            case "vectors" -> {
                return new Vectors(segmenter, vectors).check();
            }
            case "bench" ->
                System.out.printf(Locale.ROOT, "p50 of one row: %.1f us%n", new Vectors(segmenter, vectors).median());
            default -> throw new InputException(
                    "usage: customer-segmentation predict NAME=VALUE ... | score IN OUT | vectors | bench");
        }
        return 0;
    }

    private static void predict(Segmenter segmenter, List<String> arguments) throws Exception {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            if (parts.length != 2) {
                throw new InputException("each value must be given as NAME=VALUE, but one is '" + argument + "'");
            }
            values.put(parts[0], parts[1]);
        }
        segmenter.contract.columns().forEach(column ->
                values.computeIfPresent(column.name(), (name, text) -> column.fromText((String) text)));
        Segmenter.Answer answer = segmenter.predict(values);
        System.out.println("segment: " + answer.segment().name());
        System.out.printf(Locale.ROOT, "probability: %.6f%n", answer.probability());
        System.out.println("complete: " + answer.complete());
        System.out.println("enough: " + answer.enough());
        if (answer.complete()) {
            System.out.printf(Locale.ROOT, "novelty: %.6f%n", answer.novelty());
        }
        System.out.println("action: " + answer.segment().action());
    }

    private static String variable(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
