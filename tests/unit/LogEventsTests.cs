using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests;

/// <summary>Log events are an interface: the table in docs/operating.md names each of them, with its level, and none that is not there.</summary>
public sealed partial class LogEventsTests
{
    /// <summary>Those of Hangfire, which is not always compiled in.</summary>
    private static readonly Range Hangfire = 600..610;

    private static readonly (int Id, LogLevel Level)[] Compiled = [.. Assemblies()
        .SelectMany(assembly => assembly.GetTypes())
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
        .OfType<LoggerMessageAttribute>()
        .Select(message => (message.EventId, message.Level))];

    [Fact]
    public void Table_OfTheDocumentation_IsWhatIsCompiled()
    {
        bool isHangfireThere = Compiled.Any(message => IsHangfires(message.Id));
        IEnumerable<string> documented = Documented().Where(message => isHangfireThere || !IsHangfires(message.Id)).Select(message => $"{message.Id} {message.Level}");

        documented.Order(StringComparer.Ordinal).ShouldBe(Compiled.Select(message => $"{message.Id} {message.Level}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Ids_AreUsedOnce() => Compiled.Select(message => message.Id).ShouldBeUnique();

    private static bool IsHangfires(int id) => id >= Hangfire.Start.Value && id < Hangfire.End.Value;

    private static IEnumerable<Assembly> Assemblies() =>
        Directory.GetFiles(AppContext.BaseDirectory, "RealtimeOps*.dll").Where(file => !file.Contains("Tests", StringComparison.Ordinal)).Select(Assembly.LoadFrom);

    /// <summary>A row may name several ids, and several levels in their order.</summary>
    private static IEnumerable<(int Id, LogLevel Level)> Documented()
    {
        foreach (Match row in Row().Matches(Documents.Read("docs/operating.md")))
        {
            string[] ids = row.Groups["ids"].Value.Split(", ");
            string[] levels = row.Groups["levels"].Value.Split(", ");
            foreach ((int index, string id) in ids.Index())
            {
                yield return (int.Parse(id, System.Globalization.CultureInfo.InvariantCulture), Enum.Parse<LogLevel>(levels[Math.Min(index, levels.Length - 1)]));
            }
        }
    }

    [GeneratedRegex(@"^\| (?<ids>\d{3}(, \d{3})*) \| (?<levels>\w+(, \w+)*) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
