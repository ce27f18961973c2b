// Checks one answer, the messages of the validation, and a table with irregular formatting.
using Segmentation;
using Xunit;

public sealed class SegmenterTests : IDisposable
{
    private readonly Segmenter _segmenter = new(Environment.GetEnvironmentVariable("MODEL") ?? FindModel());

    // Tests run in their own folder, so the model is looked for upward from there.
    private static string FindModel()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "artifacts", "model.onnx");
            if (File.Exists(path))
            {
                return path;
            }
        }
        throw new FileNotFoundException("artifacts/model.onnx must stand above the tests; or set MODEL");
    }

    public void Dispose() => _segmenter.Dispose();

    [Fact]
    public void AnswersAsPythonDoes()
    {
        var answer = _segmenter.Predict(new Dictionary<string, object?>
        {
            ["gender"] = "f", ["age"] = 31, ["annual_income"] = 17, ["spending_score"] = 40.0,
        });
        Assert.Equal("Low income, low score", answer.Segment.Name);
        Assert.True(answer is { Complete: true, Enough: true, Novelty: > 0 });
    }

    [Fact]
    public void AnUnknownCustomerIsNotEnoughForOneLabel()
    {
        var answer = _segmenter.Predict(new Dictionary<string, object?>());
        Assert.True(answer is { Complete: false, Enough: false, Novelty: null });
    }

    [Theory]
    [InlineData("x", 1, "unknown column 'x'; known: 'gender', 'age', 'annual_income', 'spending_score'.")]
    [InlineData("age", "abc", "column 'age' must be a number, but it is 'abc'; give it without quotes, or leave it unknown")]
    [InlineData("age", 130, "column 'age' must be from 0 to 120 years, but it is 130; correct it or leave it unknown")]
    [InlineData("age", 1e39, "column 'age' must be a finite number in single precision, but it is 1e+39; correct it")]
    [InlineData("gender", "x", "column 'gender' must be one of 'Female', 'Male', but it is 'x'; correct it or leave it unknown.")]
    public void RefusesWithTheSentencesOfPython(string name, object value, string sentence)
    {
        var refusal = Assert.Throws<InputException>(
            () => _segmenter.Predict(new Dictionary<string, object?> { [name] = value }));
        Assert.Equal(sentence, refusal.Message);
    }

    [Fact]
    public void ScoresATableWithQuotedCellsAndOtherHeaders()
    {
        var folder = Directory.CreateTempSubdirectory();
        var (source, target) = (Path.Combine(folder.FullName, "in.csv"), Path.Combine(folder.FullName, "out.csv"));
        File.WriteAllText(
            source, "\uFEFFnote,GENRE,Annual Income (k$),score\n\"a, \"\"b\"\"\",w,17,40\nc,,nan,\nd,robot,1,1\n");
        Assert.Equal("2 rows scored, 1 refused", Table.Score(_segmenter, source, target));
        var lines = File.ReadAllLines(target);
        folder.Delete(recursive: true);
        string[] starts =
        [
            "note,GENRE,Annual Income (k$),score,segment,segment_id,probability,complete,novelty,problem",
            "\"a, \"\"b\"\"\",w,17,40,\"Low income, low score\",",
            "c,,nan,,\"Mid income, mid score\",",
            "d,robot,1,1,,,,,,\"column 'gender' must be one of 'Female', 'Male', but it is 'robot'",
        ];
        Assert.All(lines.Zip(starts), pair => Assert.StartsWith(pair.Second, pair.First));
    }
}
