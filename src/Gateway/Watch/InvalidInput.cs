using System.Text.Json;
using RealtimeOps.Hosting;
using RealtimeOps.Operations.Schemas;

namespace RealtimeOps.Watch;

/// <summary>The problem for an input that does not fit: an entry per fault, each with its JSON Pointer.</summary>
internal static class InvalidInput
{
    public static Problem Problem(IReadOnlyList<InputFault> faults) =>
        new(400, "invalid-input", "Invalid input", faults.Count == 1
            ? $"The input has a fault: {Place(faults[0])} {faults[0].Detail}. Nothing was accepted."
            : $"The input has {faults.Count} faults; 'errors' lists them. Nothing was accepted.")
        {
            Extensions = json => Write(json, faults),
        };

    public static void Write(Utf8JsonWriter json, IReadOnlyList<InputFault> faults)
    {
        json.WriteStartArray("errors"u8);
        foreach (InputFault fault in faults)
        {
            json.WriteStartObject();
            json.WriteString("pointer"u8, fault.Pointer);
            json.WriteString("detail"u8, fault.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Place(InputFault fault) => fault.Pointer.Length == 0 ? "it" : fault.Pointer;
}
