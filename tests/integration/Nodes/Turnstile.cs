using System.Threading.Channels;
using RealtimeOps.Execution;
using RealtimeOps.TestSupport.InProcess;

namespace RealtimeOps.IntegrationTests.Nodes;

/// <summary>A handler that goes on as far as the test lets it, and ends at 100.</summary>
internal sealed class Turnstile
{
    private readonly Channel<int> _let = Channel.CreateUnbounded<int>();

    public Script Script => async (_, context, cancellation) =>
    {
        await foreach (int percent in _let.Reader.ReadAllAsync(cancellation))
        {
            if (percent == 100)
            {
                break;
            }

            context.Report(percent, $"At {percent} %");
        }

        return OperationResult.OfJson("done");
    };

    public void Let(int percent) => _let.Writer.TryWrite(percent);
}
