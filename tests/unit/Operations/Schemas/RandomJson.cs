using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace RealtimeOps.UnitTests.Operations.Schemas;

/// <summary>JSON values apart from their spelling, of which each has many.</summary>
internal abstract record RandomJson
{
    private const string Characters = "aZ09 _-./~\"\\\t\n\u0000\u007fäß€中\ufffd";

    public sealed record Literal(string Spelling) : RandomJson;

    /// <summary>±digits × 10^power.</summary>
    public sealed record Number(bool IsNegative, string Digits, int Power) : RandomJson;

    public sealed record Text(string Value) : RandomJson;

    public sealed record Items(IReadOnlyList<RandomJson> Values) : RandomJson;

    public sealed record Members(IReadOnlyDictionary<string, RandomJson> Values) : RandomJson;

    public static Gen<RandomJson> Any { get; } = Gen.Sized(size => Nested(Math.Min(size, 40)));

    public static Gen<string> AnyText { get; } =
        from parts in Gen.OneOf(Gen.Elements(Characters.ToCharArray()).Select(one => one.ToString()), Gen.Elements("😀", "𝄞")).ListOf()
        select string.Concat(parts.Take(8));

    private static Gen<RandomJson> Leaves { get; } = Gen.OneOf(
        Gen.Elements("true", "false", "null").Select(spelling => (RandomJson)new Literal(spelling)),
        AnyText.Select(text => (RandomJson)new Text(text)),
        from isNegative in Gen.Elements(true, false)
        from first in Gen.Choose(1, 9)
        from more in Gen.Choose(0, 9).ListOf()
        from power in Gen.Choose(-40, 40)
        select (RandomJson)new Number(isNegative, first + string.Concat(more), power));

    private static Gen<RandomJson> Nested(int size) => size <= 1
        ? Leaves
        : Gen.OneOf(
            Leaves,
            Nested(size / 2).ListOf().Select(values => (RandomJson)new Items([.. values.Take(6)])),
            from names in AnyText.ListOf()
            from values in Nested(size / 2).ListOf(6)
            select (RandomJson)new Members(names.Distinct().Zip(values).ToDictionary(member => member.First, member => member.Second)));

    /// <summary>One of the ways to write the value.</summary>
    public string Spell(Random random)
    {
        var text = new StringBuilder();
        Spell(text, random);
        return text.ToString();
    }

    private void Spell(StringBuilder text, Random random)
    {
        Space(text, random);
        switch (this)
        {
            case Literal literal:
                text.Append(literal.Spelling);
                break;
            case Number number:
                SpellNumber(text, number, random);
                break;
            case Text value:
                SpellText(text, value.Value, random);
                break;
            case Items items:
                text.Append('[');
                foreach ((int index, RandomJson item) in items.Values.Index())
                {
                    text.Append(index == 0 ? "" : ",");
                    item.Spell(text, random);
                }
                text.Append(']');
                break;
            case Members members:
                text.Append('{');
                foreach ((int index, (string name, RandomJson value)) in members.Values.OrderBy(_ => random.Next()).Index())
                {
                    text.Append(index == 0 ? "" : ",");
                    Space(text, random);
                    SpellText(text, name, random);
                    Space(text, random);
                    text.Append(':');
                    value.Spell(text, random);
                }
                text.Append('}');
                break;
        }
        Space(text, random);
    }

    private static void Space(StringBuilder text, Random random) => text.Append(random.GetItems<char>(" \t\r\n", random.Next(3)));

    private static void SpellNumber(StringBuilder text, Number number, Random random)
    {
        string digits = number.Digits;
        int point = random.Next(-3, digits.Length + 4);
        text.Append(number.IsNegative ? "-" : "");
        if (point <= 0)
            text.Append("0.").Append('0', -point).Append(digits).Append('0', random.Next(3));
        else if (point < digits.Length)
            text.Append(digits[..point]).Append('.').Append(digits[point..]).Append('0', random.Next(3));
        else
            text.Append(digits).Append('0', point - digits.Length).Append(random.Next(2) == 0 ? "" : ".00");

        int exponent = number.Power + digits.Length - point;
        if (exponent != 0 || random.Next(2) == 0)
            text.Append(CultureInfo.InvariantCulture, $"{"eE"[random.Next(2)]}{(exponent < 0 ? "-" : random.Next(2) == 0 ? "+" : "")}{new string('0', random.Next(3))}{Math.Abs(exponent)}");
    }

    private static void SpellText(StringBuilder text, string value, Random random)
    {
        text.Append('"');
        foreach (char unit in value)
        {
            if (char.IsSurrogate(unit))
                text.Append(unit); // half of a pair: both halves must be escaped, or neither
            else if (unit is '"' or '\\' or < ' ' || random.Next(4) == 0)
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            else
                text.Append(unit);
        }
        text.Append('"');
    }
}
