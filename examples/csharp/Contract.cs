using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Segmentation;

/// <summary>The caller's values cannot be answered: what must be true, what was seen, what to do.</summary>
public sealed class InputException(string message) : ArgumentException(message);

public sealed record Category(string Value, IReadOnlyList<string> Aliases);

public sealed record Segment(int Id, string Name, string Tier, string Action);

public sealed record Thresholds(double AnswerProbability);

/// <summary>The contract in the model file, and the validation of a caller's values.</summary>
public sealed record Contract(
    int Format, string Name, IReadOnlyList<Column> Columns, IReadOnlyList<Segment> Segments, Thresholds Thresholds,
    bool Sealed = false)
{
    internal static readonly JsonSerializerOptions Json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    internal static Contract Parse(string text)
    {
        var contract = JsonSerializer.Deserialize<Contract>(text, Json)
            ?? throw new InvalidDataException("the contract in the model file must be JSON, but it is null");
        return contract.Format == 2
            ? contract
            : throw new InvalidDataException(
                $"the contract must have format 2, but it has {contract.Format}; train the model again");
    }

    internal IEnumerable<string> Names => Columns.Select(column => column.Name);

    /// <summary>
    /// A row in the order of the graph's inputs: double (NaN is missing) or string (empty is missing).
    /// Null, or a column left out, is unknown.
    /// </summary>
    /// <exception cref="InputException">For an unknown column or a value that is refused.</exception>
    public object[] Check(IReadOnlyDictionary<string, object?> values)
    {
        foreach (var name in values.Keys)
        {
            if (!Names.Contains(name))
            {
                throw new InputException($"unknown column {Quoted(name)}; known: {Listed(Names)}.");
            }
        }
        return Columns.Select(column => column.Check(values.GetValueOrDefault(column.Name))).ToArray();
    }

    /// <summary>Trimmed and without regard to case.</summary>
    internal static string Fold(string text) => text.Trim().ToUpperInvariant().ToLowerInvariant();

    internal static string Listed(IEnumerable<string> names) => string.Join(", ", names.Select(Quoted));

    internal static string Quoted(string text)
    {
        var mark = text.Contains('\'') && !text.Contains('"') ? "\"" : "'";
        return mark + text + mark;
    }
}

/// <summary>One input of the model.</summary>
public sealed record Column(
    string Name, string Label, IReadOnlyList<string> Aliases, string Kind, string Unit, double[]? Range,
    bool MissingAllowed, IReadOnlyList<Category> Categories, bool HardRange = true)
{
    internal bool IsCategory => Kind == "category";

    internal object Missing => IsCategory ? "" : double.NaN;

    internal object Check(object? value)
    {
        var number = AsNumber(value);
        if (value is null || number is double.NaN || (IsCategory && value is string blank && blank.Trim().Length == 0))
        {
            return MissingAllowed ? Missing : throw Refused("must be given, but it is missing; fill it in");
        }
        return IsCategory ? CheckCategory(value) : CheckNumber(value, number);
    }

    private string CheckCategory(object value)
    {
        foreach (var category in Categories)
        {
            if (value is string text
                && category.Aliases.Prepend(category.Value).Any(each => Contract.Fold(each) == Contract.Fold(text)))
            {
                return category.Value;
            }
        }
        var names = Contract.Listed(Categories.Select(category => category.Value));
        throw Refused($"must be one of {names}, but it is {Shown(value)}; correct it or leave it unknown.");
    }

    private object CheckNumber(object value, double? number)
    {
        if (number is not { } given)
        {
            throw Refused($"must be a number, but it is {Shown(value)}; give it without quotes, or leave it unknown");
        }
        if (Math.Abs(given) > float.MaxValue)
        {
            throw Refused($"must be a finite number in single precision, but it is {Shown(value)}; correct it");
        }
        if (HardRange && Range is [var low, var high] && (given < low || given > high))
        {
            var limits = $"from {Shown(low)} to {Shown(high)} {Unit}".TrimEnd();
            throw Refused($"must be {limits}, but it is {Shown(value)}; correct it or leave it unknown");
        }
        return given;
    }

    /// <summary>Reads a value from a command line or a CSV cell, where everything is text.</summary>
    internal object? FromText(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0 || trimmed.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        var plain = !IsCategory && Regex.IsMatch(trimmed, @"^[0-9+\-.eE]+$");
        return plain && double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : text;
    }

    private InputException Refused(string reason) => new($"column {Contract.Quoted(Name)} {reason}");

    private static double? AsNumber(object? value) => value switch
    {
        double number => number,
        float number => number,
        int number => number,
        long number => number,
        decimal number => (double)number,
        _ => null,
    };

    private static string Shown(object value)
    {
        var text = value switch
        {
            string given => Contract.Quoted(given),
            double number when double.IsInfinity(number) => number > 0 ? "inf" : "-inf",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture).Replace("E", "e"),
            _ => value.ToString() ?? "",
        };
        return text.Length <= 60 ? text : text[..57] + "...";
    }
}
