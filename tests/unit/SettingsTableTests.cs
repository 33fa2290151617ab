using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using RealtimeOps.Execution;
using RealtimeOps.Hosting;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests;

/// <summary>Whoever looks for a setting finds it in docs/operating.md: every option has its place in a table there.</summary>
public sealed partial class SettingsTableTests
{
    [Fact]
    public void Tables_OfTheDocumentation_NameEveryOption()
    {
        HashSet<string> documented = [.. Documented()];

        Options("", typeof(RealtimeOpsOptions)).Concat(Options("Execution", typeof(ExecutionOptions))).Concat(Options("Operations:TYPE", typeof(OperationTypeOptions)))
            .Where(option => !documented.Contains(option)).ShouldBeEmpty();
    }

    /// <summary>Names in the form of the tables: <c>Security:ApiKeys:N:Name</c>, and <c>Cors:Origins:N</c> for what is a list.</summary>
    private static IEnumerable<string> Options(string section, Type type) =>
        from property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
        let name = section.Length == 0 ? property.Name : $"{section}:{property.Name}"
        let element = property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable)) ? property.PropertyType.GetGenericArguments()[^1] : null
        from option in IsSection(element ?? property.PropertyType) ? Options(element is null ? name : name + ":N", element ?? property.PropertyType) : [name]
        select option;

    private static bool IsSection(Type type) => type.IsClass && type.Namespace!.StartsWith(nameof(RealtimeOps), StringComparison.Ordinal);

    /// <summary>A first cell names settings, where <c>:Name</c> stands beside the one before; one that ends in an ellipsis has the names in the second cell.</summary>
    private static IEnumerable<string> Documented()
    {
        foreach (Match row in Row().Matches(Documents.Read("docs/operating.md")))
        {
            string before = "";
            foreach (string named in Code().Matches(row.Groups["names"].Value).Select(code => code.Groups["name"].Value))
            {
                string name = named.StartsWith(':') ? before[..before.LastIndexOf(':')] + named : named;
                before = name;
                foreach (string below in name.EndsWith(":…", StringComparison.Ordinal) ? Code().Matches(row.Groups["meaning"].Value).Select(code => name[..^1] + code.Groups["name"].Value) : [name])
                {
                    yield return ListNumber().Replace(below, "");
                }
            }
        }
    }

    [GeneratedRegex(@"^\| (?<names>`[^|]+) \| (?<meaning>[^|]*) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    [GeneratedRegex(":[NM]$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ListNumber();
}
