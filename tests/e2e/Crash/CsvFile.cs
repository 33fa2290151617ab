using System.Globalization;
using System.Text;
using System.Text.Json;
using RealtimeOps.TestSupport;
using Shouldly;

namespace RealtimeOps.E2ETests.Crash;

/// <summary>A CSV file too large for a row of the store, and what its profile must say.</summary>
internal sealed class CsvFile
{
    private const int LargestInRow = 256 * 1024;

    private readonly List<double> _amounts = [];
    private readonly List<long> _badLines = [];

    public CsvFile(Random random)
    {
        var text = new StringBuilder("id,amount,kind,paid\n");
        int length = LargestInRow + random.Next(1, LargestInRow);
        while (text.Length < length)
        {
            Rows++;
            if (Rows % 2500 == 0)
            {
                text.Append("a row,too short\n");
                _badLines.Add(Rows + 1);
                continue;
            }

            _amounts.Add(random.Next(1, 1_000_000) / 1000.0);
            text.Append(CultureInfo.InvariantCulture, $"{_amounts.Count},{_amounts[^1]:0.000},kind {_amounts.Count % 5},{(_amounts.Count % 2 == 0 ? "true" : "false")}\n");
        }

        Bytes = Encoding.UTF8.GetBytes(text.ToString());
    }

    public byte[] Bytes { get; }

    public int Rows { get; }

    public void CheckProfile(JsonElement profile)
    {
        profile.Number("rows").ShouldBe(Rows);
        JsonElement bad = profile.GetProperty("badRows");
        bad.Number("count").ShouldBe(_badLines.Count);
        bad.GetProperty("first").EnumerateArray().Select(row => row.Number("line")!.Value).ShouldBe(_badLines);
        JsonElement[] columns = [.. profile.GetProperty("columns").EnumerateArray()];
        columns.Select(column => column.Text("name")).ShouldBe(["id", "amount", "kind", "paid"]);
        columns.Select(column => column.Text("type")).ShouldBe(["integer", "number", "text", "boolean"]);
        columns.ShouldAllBe(column => column.Number("count") == _amounts.Count);
        columns[0].Number("min").ShouldBe(1);
        columns[0].Number("max").ShouldBe(_amounts.Count);
        columns[1].GetProperty("mean").GetDouble().ShouldBe(_amounts.Average(), 1e-6);
        columns[1].GetProperty("max").GetDouble().ShouldBe(_amounts.Max(), 1e-9);
        columns[2].Number("distinct").ShouldBe(5);
    }
}
