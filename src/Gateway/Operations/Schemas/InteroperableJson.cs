using System.Text.Json;

namespace RealtimeOps.Operations.Schemas;

/// <summary>
/// What JSON allows and I-JSON (RFC 7493) forbids, because receivers disagree about its meaning: an object with two members
/// of one name, and strings that are no Unicode text. Such an input is refused whatever its schema, everywhere in it.
/// </summary>
internal static class InteroperableJson
{
    public static void Check(JsonElement value, JsonPointer at, InputFaults faults)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckMembers(value, at, faults);
                break;
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in value.EnumerateArray())
                {
                    if (faults.IsFull)
                        return;
                    Check(item, at.Append(index++), faults);
                }
                break;
            case JsonValueKind.String when JsonText.Of(value) is null:
                faults.Add(at, "is not valid Unicode text");
                break;
        }
    }

    private static void CheckMembers(JsonElement value, JsonPointer at, InputFaults faults)
    {
        var names = new HashSet<string>();
        foreach (JsonProperty member in value.EnumerateObject())
        {
            if (faults.IsFull)
                return;
            if (JsonText.NameOf(member) is not { } name)
            {
                faults.Add(at, "has a member whose name is not valid Unicode text");
                continue;
            }
            if (!names.Add(name))
                faults.Add(at.Append(name), "occurs more than once");
            Check(member.Value, at.Append(name), faults);
        }
    }
}
