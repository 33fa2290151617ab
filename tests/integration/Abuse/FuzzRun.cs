using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using RealtimeOps.TestSupport;
using Xunit;

namespace RealtimeOps.IntegrationTests.Abuse;

/// <summary>Sends cases over a number of connections at once, which are kept alive where they can be, and keeps what came.</summary>
internal sealed partial class FuzzRun(Uri server, FuzzGrammar grammar, AnswerJudge judge)
{
    private const int Connections = 12;

    /// <summary>Who asks the server to wait hears nothing for so long, and goes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>What was wrong, with the case that showed it.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>How often each status code came.</summary>
    public ConcurrentDictionary<int, int> Codes { get; } = new();

    /// <summary>Operations that were accepted, by their paths.</summary>
    public ConcurrentDictionary<string, int> Accepted { get; } = new();

    /// <summary>Cases that may have submitted something and have heard no answer.</summary>
    public ConcurrentQueue<int> Unheard { get; } = new();

    /// <summary>Cases that were no broken HTTP when they left, and were closed upon nevertheless.</summary>
    public ConcurrentQueue<int> ClosedUpon { get; } = new();

    public async Task SendAsync(IEnumerable<int> numbers)
    {
        var queue = new ConcurrentQueue<int>(numbers);
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => SendAsync(queue))));
    }

    private async Task SendAsync(ConcurrentQueue<int> numbers)
    {
        RawConnection? kept = null;
        try
        {
            while (numbers.TryDequeue(out int number))
            {
                FuzzCase one = grammar.Make(number);
                RawConnection connection = kept ?? await RawConnection.OpenAsync(server, TestContext.Current.CancellationToken);
                kept = await SendAsync(one, connection) ? connection : null;
                if (kept is null)
                {
                    connection.Dispose();
                }
            }
        }
        finally
        {
            kept?.Dispose();
        }
    }

    /// <summary>Whether the connection can be used again.</summary>
    private async Task<bool> SendAsync(FuzzCase one, RawConnection connection)
    {
        int answers = 0;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(one.MayWait ? Patience : Limits.Limit);
        try
        {
            await connection.SendAsync(one.Bytes, limit.Token);
            if (one.IsBroken)
            {
                connection.EndSending();
            }

            while (one.IsBroken || answers < one.Methods.Count)
            {
                bool isHead = one.Methods[Math.Min(answers, one.Methods.Count - 1)] == "HEAD";
                if (await connection.ReadAsync(isHead, limit.Token) is not { } answer)
                {
                    return Close(one, answers);
                }

                answers++;
                Take(one, answer, isHead);
                if (answer.Closes)
                {
                    return Close(one, answers);
                }
            }

            return true;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            if (!one.MayWait)
            {
                Blame(one, "No answer came.");
            }

            return Close(one, answers);
        }
        catch (SocketException)
        {
            // What was sent behind the fault made the system take back the connection, with the answer that may have stood in it.
            return Close(one, answers);
        }
        catch (FormatException) when (one.IsBroken)
        {
            // Where a method is broken it cannot be told whether a body follows.
            return Close(one, answers);
        }
    }

    private bool Close(FuzzCase one, int answers)
    {
        if (answers < one.Methods.Count)
        {
            if (one.MaySubmit)
            {
                Unheard.Enqueue(one.Number);
            }

            if (!one.IsBroken && !one.MayWait && answers == 0)
            {
                ClosedUpon.Enqueue(one.Number);
            }
        }

        return false;
    }

    private void Take(FuzzCase one, RawAnswer answer, bool isHead)
    {
        Codes.AddOrUpdate(answer.Code, 1, static (_, count) => count + 1);
        if (judge.FaultOf(answer, isHead) is { } fault)
        {
            Blame(one, $"{fault}\nThe answer:\n{answer}");
        }

        if (one.MaySubmit && answer.Code is 200 or 202 && OperationPath().Match(answer["Location"] ?? answer["Operation-Location"] ?? "") is { Success: true } accepted)
        {
            Accepted.TryAdd(accepted.Value, one.Number);
        }
    }

    private void Blame(FuzzCase one, string fault) => Faults.Enqueue($"Case {one.Number}: {fault}\nThe request:\n{one}\n");

    [GeneratedRegex(@"/operations/[a-z][a-z0-9.-]*/[A-Za-z0-9_][A-Za-z0-9._~-]*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OperationPath();
}
