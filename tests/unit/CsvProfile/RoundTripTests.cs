using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RealtimeOps.Api.CsvProfile;
using Shouldly;
using Xunit;
using static RealtimeOps.UnitTests.CsvProfile.Profiling;

namespace RealtimeOps.UnitTests.CsvProfile;

public sealed class RoundTripTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(300);

    private static readonly Gen<Table> Tables =
        from delimiter in Gen.Elements(',', ';', '\t', '|', ':')
        from lineEnd in Gen.Elements("\n", "\r\n", "\r")
        from quoteAll in Gen.Elements(true, false)
        from columns in Gen.Choose(2, 6)
        from rows in Snippets.Values.ArrayOf(columns).ArrayOf()
        select new Table(delimiter, lineEnd, quoteAll, columns, rows);

    [Fact]
    public void ProfileAsync_AnyTable_IsReadBackAsItWasWritten() =>
        Check.One(Runs, Prop.ForAll(Arb.From(Tables, Table.WithOneRowLess), async table =>
        {
            var profile = await ProfileAsync(table.ToCsv());

            profile.Delimiter.ShouldBe(table.Delimiter.ToString());
            profile.Rows.ShouldBe(table.Rows.Length);
            profile.BadRows.Count.ShouldBe(0);
            profile.Columns.Count.ShouldBe(table.Columns);
            for (int i = 0; i < table.Columns; i++)
            {
                ShouldDescribe(profile.Columns[i], table.Rows.Select(row => row[i]).ToList());
            }
        }));

    [Fact]
    public void ProfileAsync_AnyIntegers_StatisticsAreThoseOfTheNumbers() =>
        Check.One(Runs, Prop.ForAll(Gen.Choose(-1000, 1000).NonEmptyListOf().ToArbitrary(), async numbers =>
        {
            var column = await ProfileColumnAsync(numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));

            column.Type.ShouldBe(ColumnType.Integer);
            (column.Min, column.Max).ShouldBe(((long)numbers.Min(), (long)numbers.Max()));
            column.Mean!.Value.ShouldBe(numbers.Average(), 1e-9);
            var sorted = numbers.Order().ToList();
            column.Quantiles!.P50.ShouldBe((sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2.0, 1e-9);
        }));

    [Fact]
    public void Parse_AnyFiniteDouble_IsReadBackExactly() =>
        Check.One(Runs, Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).Two().ToArbitrary(), pair =>
        {
            double fromBits = BitConverter.Int64BitsToDouble(((long)pair.Item1 << 32) | (uint)pair.Item2);
            double price = pair.Item1 / 100.0;
            foreach (double number in (double[])[double.IsFinite(fromBits) ? fromBits : 0, price])
            {
                NumberParser.Parse(Encoding.ASCII.GetBytes(number.ToString("R", CultureInfo.InvariantCulture)), out _, out double parsed)
                    .ShouldNotBe(NumberKind.None);
                parsed.ShouldBe(number);
            }
        }));

    [Fact]
    public void Prefix_AnyTwoValues_SortAsTheirBytesDo() =>
        Check.One(Runs, Prop.ForAll(Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf().Two().ToArbitrary(), pair =>
        {
            int byPrefix = FieldText.Prefix(pair.Item1).CompareTo(FieldText.Prefix(pair.Item2));
            int byBytes = pair.Item1.AsSpan().SequenceCompareTo(pair.Item2);

            (byPrefix == 0 || byPrefix == Math.Sign(byBytes)).ShouldBeTrue();
        }));

    private static void ShouldDescribe(ColumnProfile column, List<string> all)
    {
        var values = all.Where(value => value.Length > 0).ToList();
        var counts = values.CountBy(value => value).ToDictionary();

        column.Count.ShouldBe(values.Count);
        column.Empty.ShouldBe(all.Count - values.Count);
        column.Distinct.ShouldBe(counts.Count);
        column.DistinctEstimated.ShouldBeFalse();
        column.Top.Select(top => top.Count).ShouldBe(counts.Values.OrderDescending().Take(10).Select(count => (long)count));
        column.Top.Select(top => top.Count).ShouldBe(column.Top.Select(top => (long)counts[top.Value]));
        if (column.Type == ColumnType.Text)
        {
            column.Min.ShouldBe(values.Min(StringComparer.Ordinal));
            column.Max.ShouldBe(values.Max(StringComparer.Ordinal));
        }
    }

    private sealed record Table(char Delimiter, string LineEnd, bool QuoteAll, int Columns, string[][] Rows)
    {
        public static IEnumerable<Table> WithOneRowLess(Table table) =>
            table.Rows.Select((_, i) => table with { Rows = [.. table.Rows[..i], .. table.Rows[(i + 1)..]] });

        public string ToCsv() => string.Concat(
            Rows.Prepend([.. Enumerable.Range(1, Columns).Select(i => $"c{i}")])
                .Select(row => string.Join(Delimiter, row.Select(Write)) + LineEnd));

        private string Write(string value) =>
            QuoteAll || value.AsSpan().ContainsAny([Delimiter, '"', '\r', '\n']) ? Quote(value) : value;
    }
}
