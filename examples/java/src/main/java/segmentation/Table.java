package segmentation;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/** Scores a CSV file: all rows stay in order, and an invalid row gets an error message. */
final class Table {
    private static final int CHUNK_ROWS = 65_536;
    private static final List<String> ADDED =
            List.of("segment", "segment_id", "probability", "complete", "novelty", "problem");

    private final Segmenter segmenter;
    private final Map<Contract.Column, Integer> places;
    private int scored;
    private int refused;

    private Table(Segmenter segmenter, List<String> header) {
        this.segmenter = segmenter;
        this.places = findColumns(segmenter.contract, header);
    }

    /** Scores one file into another; returns a summary as a sentence. */
    static String score(Segmenter segmenter, Path in, Path out) throws IOException, OrtException {
        String content = Files.readString(in);
        Reader text = new StringReader(content.startsWith("\uFEFF") ? content.substring(1) : content);
        CSVFormat format = CSVFormat.DEFAULT.builder().setRecordSeparator("\n").get();
        try (CSVParser parser = CSVParser.parse(text, format);
                CSVPrinter printer = new CSVPrinter(Files.newBufferedWriter(out), format)) {
            List<CSVRecord> records = parser.getRecords();
            if (records.isEmpty()) {
                throw new InputException("the table must have a header and rows, but '" + in + "' is empty");
            }
            List<String> header = records.get(0).toList();
            for (CSVRecord cells : records) {
                if (cells.size() != header.size()) {
                    throw new InputException("record " + cells.getRecordNumber() + " must have " + header.size()
                            + " cells like the header, but it has " + cells.size());
                }
            }
            Table table = new Table(segmenter, header);
            printer.printRecord(Stream.concat(header.stream(), ADDED.stream()));
            for (int start = 1; start < records.size(); start += CHUNK_ROWS) {
                table.scorePart(records.subList(start, Math.min(start + CHUNK_ROWS, records.size())), printer);
            }
            return table.scored + " rows scored, " + table.refused + " refused";
        }
    }

    private void scorePart(List<CSVRecord> part, CSVPrinter printer) throws IOException, OrtException {
        List<Object[]> rows = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (CSVRecord cells : part) {
            try {
                rows.add(segmenter.contract.check(values(cells)));
                problems.add("");
            } catch (InputException refusal) {
                problems.add(refusal.getMessage());
            }
        }
        Segmenter.Answers answers = rows.isEmpty() ? null : segmenter.answer(rows, false);
        int asked = 0;
        for (int i = 0; i < part.size(); i++) {
            List<String> added = new ArrayList<>(Collections.nCopies(5, ""));
            if (problems.get(i).isEmpty()) {
                added = told(segmenter.at(answers, asked, rows.get(asked)));
                asked++;
            }
            added.add(problems.get(i));
            printer.printRecord(Stream.concat(part.get(i).stream(), added.stream()));
        }
        scored += asked;
        refused += part.size() - asked;
    }

    private Map<String, Object> values(CSVRecord cells) {
        Map<String, Object> values = new HashMap<>();
        places.forEach((column, place) -> values.put(column.name(), column.fromText(cells.get(place))));
        return values;
    }

    private static List<String> told(Segmenter.Answer answer) {
        return new ArrayList<>(List.of(
                answer.segment().name(),
                String.valueOf(answer.segment().id()),
                String.format(Locale.ROOT, "%.6f", answer.probability()),
                String.valueOf(answer.complete()),
                Double.isNaN(answer.novelty()) ? "" : String.format(Locale.ROOT, "%.6f", answer.novelty())));
    }

    /** The place of each of the contract's columns in the header, by name, label or alias in any case. */
    private static Map<Contract.Column, Integer> findColumns(Contract contract, List<String> header) {
        List<String> present = header.stream().map(Contract::fold).toList();
        Map<Contract.Column, Integer> places = new HashMap<>();
        for (Contract.Column column : contract.columns()) {
            Stream.concat(Stream.of(column.name(), column.label()), column.aliases().stream())
                    .map(spelling -> present.indexOf(Contract.fold(spelling)))
                    .filter(place -> place >= 0)
                    .findFirst()
                    .ifPresent(place -> places.put(column, place));
        }
        if (places.isEmpty()) {
            throw new InputException("the table must have at least one of the columns "
                    + Contract.listed(contract.names()) + ", but its headers are " + Contract.listed(header));
        }
        return places;
    }
}
