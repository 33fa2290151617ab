using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>One named queue: its workers are shared by the lanes of its types, which take turns, so no type starves another.</summary>
internal sealed class DispatchQueue(int workers)
{
    private readonly List<DispatchLane> _lanes = [];
    private int _next;
    private int _running;

    public void Add(DispatchLane lane) => _lanes.Add(lane);

    public bool TryTake(out DispatchLane lane, out WaitingOperation operation)
    {
        for (int i = 0; _running < workers && i < _lanes.Count; i++)
        {
            lane = _lanes[(_next + i) % _lanes.Count];
            if (lane.CanRun)
            {
                _next = (_next + i + 1) % _lanes.Count;
                _running++;
                operation = lane.Take();
                return true;
            }
        }

        lane = null!;
        operation = default;
        return false;
    }

    public void Release(DispatchLane lane, OperationKey key)
    {
        _running--;
        lane.Release(key);
    }
}
