using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeOps.Api.CsvProfile;
using Shouldly;
using Xunit;
using Profile = RealtimeOps.Api.CsvProfile.CsvProfile;

namespace RealtimeOps.UnitTests.CsvProfile;

internal static class Profiling
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static Task<Profile> ProfileAsync(string csv) => ProfileAsync(Encoding.UTF8.GetBytes(csv));

    public static Task<Profile> ProfileAsync(byte[] csv) => ProfileAsync(new MemoryStream(csv));

    public static Task<Profile> ProfileAsync(Stream csv)
    {
        var cancellation = TestContext.Current.CancellationToken;
        return CsvProfiler.ProfileAsync(csv, _ => { }, cancellation).WaitAsync(Limit, cancellation);
    }

    /// <summary>The profile of a file's only column.</summary>
    public static async Task<ColumnProfile> ProfileColumnAsync(params IEnumerable<string> values)
    {
        var profile = await ProfileAsync("value\n" + string.Join('\n', values.Select(Quote)) + "\n");
        profile.BadRows.Count.ShouldBe(0);
        return profile.Columns.ShouldHaveSingleItem();
    }

    public static string ToJson(Profile profile) => JsonSerializer.Serialize(profile, Wire);

    public static string Quote(string value) => '"' + value.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
}
