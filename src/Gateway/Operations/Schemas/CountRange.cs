using System.Text.Json;

namespace RealtimeOps.Operations.Schemas;

/// <summary>How many there may be of what a value consists of: <c>minLength</c> and <c>maxLength</c> and their kin.</summary>
internal sealed class CountRange(JsonElement schema, string minimumKeyword, string maximumKeyword, string unit)
{
    private readonly int _minimum = schema.TryGetProperty(minimumKeyword, out JsonElement minimum) ? minimum.GetInt32() : 0;
    private readonly int _maximum = schema.TryGetProperty(maximumKeyword, out JsonElement maximum) ? maximum.GetInt32() : int.MaxValue;

    public void Check(int count, JsonPointer at, InputFaults faults)
    {
        if (count < _minimum)
            faults.Add(at, $"must have at least {Count(_minimum)}, but has {count}");
        else if (count > _maximum)
            faults.Add(at, $"must have at most {Count(_maximum)}, but has {count}");
    }

    private string Count(int count) => count == 1 ? $"1 {unit}" : $"{count} {unit}s";
}
