using System.Text;

namespace RealtimeOps.IntegrationTests;

/// <summary>Inputs that many tests use.</summary>
internal static class Inputs
{
    public const string Demo = "demo.steps";
    public const string Csv = "csv.profile";
    public const string Script = "test.script";

    /// <summary>Ends at once.</summary>
    public static readonly object Quick = new { steps = 1, stepMs = 0 };

    /// <summary>Runs until somebody stops it.</summary>
    public static readonly object Endless = new { steps = 600, stepMs = 1000 };

    public static readonly object Empty = new { };

    /// <summary>A CSV file of at least so many bytes.</summary>
    public static byte[] CsvOf(int length)
    {
        var text = new StringBuilder("id,name\n");
        for (int row = 1; text.Length < length; row++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{row},row number {row}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
