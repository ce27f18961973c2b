using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace Segmentation;

/// <summary>Compares the model with the answers that every language must give.</summary>
internal sealed class Vectors
{
    private sealed record Tolerances(double Probability, double Distance);

    private sealed record Expected(
        string[] Segment, long[] SegmentId, double?[][] Probabilities, bool[] Complete, double?[][] Distances,
        double?[] Novelty, double?[][] ClassifierProbabilities);

    private sealed record Document(
        Tolerances Tolerances, Dictionary<string, JsonElement[]> Inputs, Expected Outputs);

    private readonly Segmenter _segmenter;
    private readonly Document _document;
    private readonly object[][] _rows;
    private int _mismatches;

    public Vectors(Segmenter segmenter, string path)
    {
        _segmenter = segmenter;
        _document = JsonSerializer.Deserialize<Document>(File.ReadAllText(path), Contract.Json)
            ?? throw new InvalidDataException($"no test vectors can be read at '{path}'");
        _rows = Enumerable.Range(0, _document.Outputs.Segment.Length)
            .Select(row => segmenter.Contract.Columns
                .Select(column => Cell(column, _document.Inputs[column.Name][row])).ToArray())
            .ToArray();
    }

    private static object Cell(Column column, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() ?? "",
        JsonValueKind.Number => value.GetDouble(),
        _ => column.Missing,
    };

    /// <summary>Runs all rows in one call, then one row per call; prints one line of JSON, returns the status.</summary>
    public int Check()
    {
        var all = _segmenter.Ask(_rows, opinion: true);
        for (var row = 0; row < _rows.Length; row++)
        {
            Compare(all, row, row);
        }
        for (var row = 0; row < _rows.Length; row++)
        {
            Compare(_segmenter.Ask([_rows[row]]), 0, row);
        }
        var runtime = OrtEnv.Instance().GetVersionString();
        var p50 = Median().ToString("F1", CultureInfo.InvariantCulture);
        Console.WriteLine(
            $"{{\"language\":\"C#\",\"runtime\":\"{runtime}\",\"rows\":{_rows.Length},"
            + $"\"mismatches\":{_mismatches},\"p50_us\":{p50}}}");
        return _mismatches == 0 ? 0 : 1;
    }

    private void Compare(Answers answers, int at, int row)
    {
        var expected = _document.Outputs;
        var (probability, distance) = (_document.Tolerances.Probability, _document.Tolerances.Distance);
        Same(row, "segment", answers.Segment[at], expected.Segment[row]);
        Same(row, "segment_id", answers.Id[at], expected.SegmentId[row]);
        Same(row, "complete", answers.Complete[at], expected.Complete[row]);
        Near(row, "probabilities", Wide(answers.Probabilities), at, expected.Probabilities[row], probability);
        Near(row, "distances", answers.Distances, at, expected.Distances[row], distance);
        Near(row, "novelty", answers.Novelty, at, [expected.Novelty[row]], distance);
        if (answers.Opinion.Length > 0)
        {
            var opinion = expected.ClassifierProbabilities[row];
            Near(row, Segmenter.OpinionOutput, Wide(answers.Opinion), at, opinion, probability);
        }
    }

    private void Same<T>(int row, string output, T found, T expected)
    {
        if (!EqualityComparer<T>.Default.Equals(found, expected))
        {
            Tell(row, output, found, expected);
        }
    }

    private void Near(int row, string output, double[] found, int at, double?[] expected, double tolerance)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var (value, wanted) = (found[at * expected.Length + i], expected[i] ?? double.NaN);
            var bothMissing = double.IsNaN(value) && double.IsNaN(wanted);
            if (!bothMissing && !(Math.Abs(value - wanted) <= tolerance))
            {
                Tell(row, output, value, wanted);
                return;
            }
        }
    }

    private void Tell<T>(int row, string output, T found, T expected)
    {
        if (++_mismatches <= 10)
        {
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"mismatch: row {row}: {output}: found {found}, expected {expected}"));
        }
    }

    private static double[] Wide(float[] values) => Array.ConvertAll(values, value => (double)value);

    /// <summary>
    /// The p50 of Predict in microseconds, a different customer each call; unknown categories count as missing.
    /// </summary>
    public double Median()
    {
        const int warmUp = 200, timed = 2000;
        var records = _rows.Select(Record).ToArray();
        var times = new double[warmUp + timed];
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            _segmenter.Predict(records[i % records.Length]);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
        return times.Skip(warmUp).Order().ElementAt(timed / 2);
    }

    private Dictionary<string, object?> Record(object[] row)
    {
        var record = new Dictionary<string, object?>();
        foreach (var (column, value) in _segmenter.Contract.Columns.Zip(row))
        {
            try
            {
                column.Check(value);
                record[column.Name] = value;
            }
            catch (InputException)
            {
                record[column.Name] = null;
            }
        }
        return record;
    }
}
