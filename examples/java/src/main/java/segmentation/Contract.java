package segmentation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The contract in the model file, and the validation of a caller's values. */
public record Contract(
        int format, String name, boolean sealed, List<Column> columns, List<Segment> segments, Thresholds thresholds) {

    /** Also those that strip() leaves, such as the no-break space of spreadsheets. */
    private static final Pattern BLANKS = Pattern.compile("^\\s+|\\s+$", Pattern.UNICODE_CHARACTER_CLASS);

    static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public record Category(String value, List<String> aliases) {}

    public record Segment(int id, String name, String tier, String action) {}

    public record Thresholds(double answerProbability) {}

    static Contract parse(String text) throws JsonProcessingException {
        Contract contract = JSON.readValue(text, Contract.class);
        if (contract.format != 2) {
            throw new IllegalStateException(
                    "the contract must have format 2, but it has " + contract.format + "; train the model again");
        }
        return contract;
    }

    List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    /**
     * A row in the order of the graph's inputs: Double (NaN is missing) or String (empty is missing).
     *
     * @param values by column name; null or left out is unknown
     * @throws InputException for an unknown column or a value that is refused
     */
    public Object[] check(Map<String, ?> values) {
        for (String name : values.keySet()) {
            if (!has(name)) {
                throw new InputException("unknown column '" + name + "'; known: " + listed(names()) + ".");
            }
        }
        Object[] row = new Object[columns.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = columns.get(i).check(values.get(columns.get(i).name));
        }
        return row;
    }

    private boolean has(String name) {
        for (Column column : columns) {
            if (column.name.equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** One input of the model. */
    public record Column(
            String name,
            String label,
            List<String> aliases,
            String kind,
            String role,
            String unit,
            double[] range,
            Boolean hardRange,
            boolean missingAllowed,
            List<Category> categories) {

        boolean isCategory() {
            return kind.equals("category");
        }

        /** Whether it decides the segment. */
        boolean clusters() {
            return role.equals("clustering");
        }

        /** A validated cell as a number, a category as its position; NaN where it is unknown. */
        double number(Object cell) {
            if (cell instanceof Double number) {
                return number;
            }
            for (int position = 0; position < categories.size(); position++) {
                if (categories.get(position).value.equals(cell)) {
                    return position;
                }
            }
            return Double.NaN;
        }

        Object missing() {
            return isCategory() ? "" : (Object) Double.NaN;
        }

        private Object check(Object value) {
            if (isCategory() && value instanceof String && !Double.isNaN(number(value))) {
                return value; // as the contract spells it
            }
            if (isMissing(value)) {
                if (!missingAllowed) {
                    throw refused("must be given, but it is missing; fill it in");
                }
                return missing();
            }
            return isCategory() ? checkCategory(value) : checkNumber(value);
        }

        private boolean isMissing(Object value) {
            return value == null
                    || value instanceof Number number && Double.isNaN(number.doubleValue())
                    || isCategory() && value instanceof String text && trimmed(text).isEmpty();
        }

        private String checkCategory(Object value) {
            for (Category category : categories) {
                Stream<String> spellings = Stream.concat(Stream.of(category.value), category.aliases.stream());
                if (value instanceof String text && spellings.anyMatch(each -> fold(each).equals(fold(text)))) {
                    return category.value;
                }
            }
            String names = listed(categories.stream().map(Category::value).toList());
            throw refused("must be one of " + names + ", but it is " + shown(value)
                    + "; correct it or leave it unknown.");
        }

        private Double checkNumber(Object value) {
            if (!(value instanceof Number given)) {
                throw refused("must be a number, but it is " + shown(value)
                        + "; give it without quotes, or leave it unknown");
            }
            double number = given.doubleValue();
            if (Math.abs(number) > Float.MAX_VALUE) {
                throw refused("must be a finite number in single precision, but it is " + shown(value)
                        + "; correct it");
            }
            boolean limited = range != null && !Boolean.FALSE.equals(hardRange);
            if (limited && (number < range[0] || number > range[1])) {
                String limits = "from " + shown(range[0]) + " to " + shown(range[1]) + " " + unit;
                throw refused("must be " + limits.strip() + ", but it is " + shown(value)
                        + "; correct it or leave it unknown");
            }
            return number;
        }

        private InputException refused(String reason) {
            return new InputException("column '" + name + "' " + reason);
        }

        /** Reads a value from a command line or a CSV cell, where everything is text. */
        Object fromText(String text) {
            String trimmed = trimmed(text);
            if (trimmed.isEmpty() || trimmed.equalsIgnoreCase("nan")) {
                return null;
            }
            try {
                return !isCategory() && trimmed.matches("[0-9+\\-.eE]+") ? (Object) Double.valueOf(trimmed) : text;
            } catch (NumberFormatException notANumber) {
                return text;
            }
        }
    }

    /** Trimmed and without regard to case. */
    static String fold(String text) {
        return trimmed(text).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    private static String trimmed(String text) {
        return BLANKS.matcher(text).replaceAll("");
    }

    static String listed(Collection<String> names) {
        return names.stream().map(Contract::quoted).collect(Collectors.joining(", "));
    }

    private static String quoted(String text) {
        String mark = text.contains("'") && !text.contains("\"") ? "\"" : "'";
        return mark + text + mark;
    }

    private static String shown(Object value) {
        String text = value instanceof String given ? quoted(given) : value.toString();
        if (value instanceof Double number) {
            boolean plain = Math.abs(number) < 1e16;
            text = plain ? BigDecimal.valueOf(number).stripTrailingZeros().toPlainString() : text.replace("Infinity", "inf");
            text = text.replace(".0E", "E").replace("E", "e+");
        }
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
