// predict NAME=VALUE ... | score IN OUT | vectors | bench. See README.md.
using System.Globalization;
using Segmentation;

try
{
    using var segmenter = new Segmenter(Variable("MODEL", "../../artifacts/model.onnx"));
    var vectors = Variable("VECTORS", "../../artifacts/test_vectors.json");
    switch (args)
    {
        case ["predict", .. var given]:
            Predict(segmenter, given);
            return 0;
        case ["score", var source, var target]:
            Console.Error.WriteLine(Table.Score(segmenter, source, target));
            return 0;
        case ["vectors"]:
            return new Vectors(segmenter, vectors).Check();
        case ["bench"]:
            Print($"p50 of one row: {new Vectors(segmenter, vectors).Median():F1} us");
            return 0;
        default:
            throw new InputException(
                "usage: customer-segmentation predict NAME=VALUE ... | score IN OUT | vectors | bench");
    }
}
catch (Exception error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}

static void Predict(Segmenter segmenter, string[] arguments)
{
    var values = new Dictionary<string, object?>();
    foreach (var argument in arguments)
    {
        if (argument.Split('=', 2) is not [var name, var text])
        {
            throw new InputException($"each value must be given as NAME=VALUE, but one is '{argument}'");
        }
        var column = segmenter.Contract.Columns.FirstOrDefault(each => each.Name == name);
        values[name] = column is null ? text : column.FromText(text);
    }
    var answer = segmenter.Predict(values);
    Print($"segment: {answer.Segment.Name}");
    Print($"probability: {answer.Probability:F6}");
    Print($"complete: {(answer.Complete ? "true" : "false")}");
    Print($"enough: {(answer.Enough ? "true" : "false")}");
    if (answer.Novelty is { } novelty)
    {
        Print($"novelty: {novelty:F6}");
    }
    Print($"action: {answer.Segment.Action}");
}

static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

static string Variable(string name, string otherwise) =>
    Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : otherwise;
