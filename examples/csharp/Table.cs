using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Segmentation;

/// <summary>Scores a CSV file: all rows stay in order, and an invalid row gets an error message.</summary>
public static class Table
{
    private const int ChunkRows = 65_536;
    private static readonly string[] Added = ["segment", "segment_id", "probability", "complete", "novelty", "problem"];

    /// <summary>Scores one file into another; returns a summary as a sentence.</summary>
    public static string Score(Segmenter segmenter, string source, string target)
    {
        var lines = new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using var reader = new CsvParser(new StreamReader(source), CultureInfo.InvariantCulture); // drops a byte order mark
        using var writer = new CsvWriter(new StreamWriter(target), lines);
        if (!reader.Read() || reader.Record is not { } header)
        {
            throw new InputException($"the table must have a header and rows, but '{source}' is empty");
        }
        var places = FindColumns(segmenter.Contract, header);
        WriteLine(writer, header, Added);
        int total = 0, refused = 0;
        for (var part = ReadPart(reader, header.Length); part.Count > 0; part = ReadPart(reader, header.Length))
        {
            total += part.Count;
            refused += ScorePart(segmenter, places, part, writer);
        }
        return $"{total - refused} rows scored, {refused} refused";
    }

    private static List<string[]> ReadPart(CsvParser reader, int width)
    {
        var part = new List<string[]>();
        while (part.Count < ChunkRows && reader.Read() && reader.Record is { } cells)
        {
            part.Add(cells.Length == width
                ? cells
                : throw new InputException(
                    $"row {reader.Row} must have {width} cells like the header, but it has {cells.Length}"));
        }
        return part;
    }

    private static int ScorePart(
        Segmenter segmenter, Dictionary<Column, int> places, List<string[]> part, CsvWriter writer)
    {
        var rows = new List<object[]>();
        var problems = new List<string>();
        foreach (var cells in part)
        {
            var values = places.ToDictionary(each => each.Key.Name, each => each.Key.FromText(cells[each.Value]));
            try
            {
                rows.Add(segmenter.Contract.Check(values));
                problems.Add("");
            }
            catch (InputException refusal)
            {
                problems.Add(refusal.Message);
            }
        }
        var answers = rows.Count > 0 ? segmenter.Ask(rows) : null;
        var asked = 0;
        foreach (var (cells, problem) in part.Zip(problems))
        {
            if (problem.Length > 0 || answers is null)
            {
                WriteLine(writer, cells, ["", "", "", "", "", problem]);
                continue;
            }
            WriteLine(writer, cells, Told(segmenter.At(answers, asked, rows[asked])));
            asked++;
        }
        return part.Count - rows.Count;
    }

    private static string[] Told(Answer answer) =>
    [
        answer.Segment.Name,
        answer.Segment.Id.ToString(CultureInfo.InvariantCulture),
        answer.Probability.ToString("F6", CultureInfo.InvariantCulture),
        answer.Complete ? "true" : "false",
        answer.Novelty?.ToString("F6", CultureInfo.InvariantCulture) ?? "",
        "",
    ];

    private static void WriteLine(CsvWriter writer, IEnumerable<string> cells, IEnumerable<string> added)
    {
        foreach (var cell in cells.Concat(added))
        {
            writer.WriteField(cell);
        }
        writer.NextRecord();
    }

    /// <summary>The place of each of the contract's columns in the header, by name, label or alias in any case.</summary>
    private static Dictionary<Column, int> FindColumns(Contract contract, string[] header)
    {
        var present = header.Select(Contract.Fold).ToList();
        var places = new Dictionary<Column, int>();
        foreach (var column in contract.Columns)
        {
            var found = column.Aliases.Prepend(column.Label).Prepend(column.Name)
                .Select(spelling => present.IndexOf(Contract.Fold(spelling)))
                .Where(place => place >= 0);
            foreach (var place in found.Take(1))
            {
                places[column] = place;
            }
        }
        return places.Count > 0
            ? places
            : throw new InputException(
                $"the table must have at least one of the columns {Contract.Listed(contract.Names)}, "
                + $"but its headers are {Contract.Listed(header)}");
    }
}
