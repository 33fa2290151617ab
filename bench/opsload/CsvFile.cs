using System.Globalization;
using System.Text;

namespace Bench.OpsLoad;

/// <summary>Writes a CSV of about --bytes: every column type that csv.profile tells apart, empty and quoted fields, and a few bad rows.</summary>
internal static class CsvFile
{
    private static readonly string[] Countries = ["DE", "FR", "IT", "PL", "US", "BR", "IN", "JP"];

    public static int Run(Options o)
    {
        long bytes = long.Parse(o.Get("bytes") ?? "1000000000", CultureInfo.InvariantCulture), rows = 0, bad = 0;
        var random = new Random(1);
        var start = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var row = new StringBuilder(256);
        using (var file = new FileStream(o.Need("out"), FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
        {
            file.Write("id,customer,country,amount,quantity,active,day,at,note\n"u8);
            byte[] buffer = new byte[1024];
            while (file.Position < bytes)
            {
                DateTime at = start.AddSeconds(random.Next(150_000_000));
                row.Clear().Append(CultureInfo.InvariantCulture, $"{rows},customer-{random.Next(200_000)},{Countries[random.Next(8)]},{random.Next(10_000_000) / 100.0:F2},");
                row.Append(CultureInfo.InvariantCulture, $"{random.Next(100)},{(random.Next(2) == 0 ? "true" : "false")},{at:yyyy-MM-dd},{at:yyyy-MM-dd'T'HH:mm:ss'Z'},");
                row.Append(random.Next(4) switch { 0 => "", 1 => "\"paid, with \"\"thanks\"\"\"", _ => "an ordinary note" });
                if (++rows % 1_000_000 == 0) { row.Append(",one,too,many"); bad++; }
                row.Append('\n');
                int length = 0;
                foreach (ReadOnlyMemory<char> chunk in row.GetChunks()) length += Encoding.ASCII.GetBytes(chunk.Span, buffer.AsSpan(length));
                file.Write(buffer, 0, length);
            }
            bytes = file.Position;
        }
        new Report(o) { ["bytes"] = bytes, ["rows"] = rows, ["bad_rows"] = bad }.Print();
        return 0;
    }
}
