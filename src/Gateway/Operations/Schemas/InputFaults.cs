namespace RealtimeOps.Operations.Schemas;

/// <summary>What a check has found so far. Bounded in number and in length, for it is sent back to whoever sent the input.</summary>
internal sealed class InputFaults
{
    public const int Limit = 100;

    private readonly List<InputFault> _faults = [];

    public bool IsEmpty => _faults.Count == 0;

    public bool IsFull => _faults.Count == Limit;

    public IReadOnlyList<InputFault> Faults => _faults;

    public void Add(JsonPointer at, string detail)
    {
        if (!IsFull)
            _faults.Add(new InputFault(at.ToBoundedString(), detail));
    }

    public void AddRange(InputFaults other) => _faults.AddRange(other._faults.Take(Limit - _faults.Count));
}
