package segmentation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks one answer, the messages of the validation, and a table with irregular formatting. */
class SegmenterTest {
    private static Segmenter segmenter;

    @BeforeAll
    static void load() throws Exception {
        String model = System.getenv("MODEL");
        segmenter = new Segmenter(model == null ? "../../artifacts/model.onnx" : model);
    }

    @AfterAll
    static void close() throws Exception {
        segmenter.close();
    }

    @Test
    void answersAsPythonDoes() throws Exception {
        var answer = segmenter.predict(
                Map.of("gender", "f", "age", 31, "annual_income", 17, "spending_score", 40.0));
        assertEquals("Low income, low score", answer.segment().name());
        assertTrue(answer.complete() && answer.enough() && answer.novelty() > 0);
    }

    @Test
    void anUnknownCustomerIsNotEnoughForOneLabel() throws Exception {
        var answer = segmenter.predict(Map.of());
        assertFalse(answer.complete() || answer.enough());
        assertTrue(Double.isNaN(answer.novelty()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            x|1|unknown column 'x'; known: 'gender', 'age', 'annual_income', 'spending_score'.
            age|abc|column 'age' must be a number, but it is 'abc'; give it without quotes, or leave it unknown
            age|130|column 'age' must be from 0 to 120 years, but it is 130; correct it or leave it unknown
            age|1e39|column 'age' must be a finite number in single precision, but it is 1e+39; correct it
            gender|x|column 'gender' must be one of 'Female', 'Male', but it is 'x'; correct it or leave it unknown.
            """)
    void refusesWithTheSentencesOfPython(String name, String text, String sentence) {
        Object value = segmenter.contract.columns().get(name.equals("gender") ? 0 : 1).fromText(text);
        var refusal = assertThrows(InputException.class, () -> segmenter.predict(Map.of(name, value)));
        assertEquals(sentence, refusal.getMessage());
    }

    @Test
    void scoresATableWithQuotedCellsAndOtherHeaders(@TempDir Path folder) throws Exception {
        Path in = folder.resolve("in.csv");
        Path out = folder.resolve("out.csv");
        Files.writeString(in, """
                \uFEFFnote,GENRE,Annual Income (k$),score
                "a, ""b""\",w,17,40
                c,,nan,
                d,robot,1,1
                """);
        assertEquals("2 rows scored, 1 refused", Table.score(segmenter, in, out));
        List<String> lines = Files.readAllLines(out);
        List<String> starts = List.of(
                "note,GENRE,Annual Income (k$),score,segment,segment_id,probability,complete,novelty,problem",
                "\"a, \"\"b\"\"\",w,17,40,\"Low income, low score\",",
                "c,,nan,,\"Mid income, mid score\",",
                "d,robot,1,1,,,,,,\"column 'gender' must be one of 'Female', 'Male', but it is 'robot'");
        for (int i = 0; i < starts.size(); i++) {
            assertTrue(lines.get(i).startsWith(starts.get(i)), lines.get(i));
        }
    }
}
