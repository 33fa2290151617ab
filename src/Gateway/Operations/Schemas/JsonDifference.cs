using System.Text.Json;

namespace RealtimeOps.Operations.Schemas;

/// <summary>
/// Where two JSON texts say different things. Values are compared, not bytes: the order of members, white space, escapes and
/// the spelling of numbers (1.0 and 1, 1e2 and 100) make no difference.
/// </summary>
internal static class JsonDifference
{
    private const int Limit = 100;

    /// <summary>JSON Pointers at which the two differ, at most 100; none when they are equal. A member or element that
    /// only one side has is pointed at itself.</summary>
    public static IReadOnlyList<string> Compare(JsonElement left, JsonElement right)
    {
        var differences = new List<string>();
        Compare(left, right, JsonPointer.Root, differences);
        return differences;
    }

    private static void Compare(JsonElement left, JsonElement right, JsonPointer at, List<string> differences)
    {
        switch (left.ValueKind, right.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                CompareMembers(left, right, at, differences);
                break;
            case (JsonValueKind.Array, JsonValueKind.Array):
                CompareItems(left, right, at, differences);
                break;
            case (JsonValueKind.Number, JsonValueKind.Number) when JsonNumber.Of(left) == JsonNumber.Of(right):
            case (JsonValueKind.String, JsonValueKind.String) when JsonText.AreEqual(left, right):
            case (JsonValueKind.True, JsonValueKind.True):
            case (JsonValueKind.False, JsonValueKind.False):
            case (JsonValueKind.Null, JsonValueKind.Null):
                break;
            default:
                Add(at, differences);
                break;
        }
    }

    private static void CompareMembers(JsonElement left, JsonElement right, JsonPointer at, List<string> differences)
    {
        Dictionary<string, JsonElement> leftMembers = MembersOf(left);
        Dictionary<string, JsonElement> rightMembers = MembersOf(right);
        foreach ((string name, JsonElement value) in leftMembers)
        {
            if (differences.Count == Limit)
                return;
            if (rightMembers.TryGetValue(name, out JsonElement other))
                Compare(value, other, at.Append(name), differences);
            else
                Add(at.Append(name), differences);
        }
        foreach (string name in rightMembers.Keys.Where(name => !leftMembers.ContainsKey(name)))
            Add(at.Append(name), differences);
    }

    private static void CompareItems(JsonElement left, JsonElement right, JsonPointer at, List<string> differences)
    {
        int index = 0;
        foreach ((JsonElement item, JsonElement other) in left.EnumerateArray().Zip(right.EnumerateArray()))
        {
            if (differences.Count == Limit)
                return;
            Compare(item, other, at.Append(index++), differences);
        }
        int longer = Math.Max(left.GetArrayLength(), right.GetArrayLength());
        for (; index < longer && differences.Count < Limit; index++)
            Add(at.Append(index), differences);
    }

    private static Dictionary<string, JsonElement> MembersOf(JsonElement value)
    {
        var members = new Dictionary<string, JsonElement>();
        foreach (JsonProperty member in value.EnumerateObject())
            members[JsonText.NameOrBytesOf(member)] = member.Value;
        return members;
    }

    private static void Add(JsonPointer at, List<string> differences)
    {
        if (differences.Count < Limit)
            differences.Add(at.ToBoundedString());
    }
}
