using Microsoft.AspNetCore.Http;
using RealtimeOps.Hosting;
using RealtimeOps.Hosting.Security;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Watch.Callbacks;

/// <summary>Reads a mailbox for a caller: at once, held until something is there, or as a stream.</summary>
internal sealed class MailboxReader(IMailboxStore store, MailboxSignal signal, MessageSigner signer, OpenStreams streams, StreamPlaces places, CredentialWatch credentials, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>What is there, or else what comes first within the time; nothing when the time is over or the server stops.</summary>
    public async Task<TakenMessages> TakeAsync(HttpContext context, MailboxRequest asked, TimeSpan wait)
    {
        using IDisposable? place = wait > TimeSpan.Zero ? places.Hold(context) : null;
        using MailboxWatch watch = signal.Watch(asked.Name);
        using var limit = new CancellationTokenSource(wait, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted, lifetime.ApplicationStopping);
        var caller = Caller.Of(context);
        using IDisposable? credential = credentials.Add(caller, watch.Wake);
        while (true)
        {
            if (caller.IsOver(time.GetUtcNow()))
            {
                throw new ProblemException(Problems.CredentialEnded);
            }

            // Who has left must not take messages along.
            context.RequestAborted.ThrowIfCancellationRequested();
            bool isLast = over.IsCancellationRequested;
            DateTimeOffset now = time.GetUtcNow();
            TakenMessages taken = await store.TakeAsync(asked.Access, asked.Name, now, now + asked.Visibility, asked.Most) ?? throw new ProblemException(MailboxProblems.NotFound);
            if (taken.Messages.Count > 0 || isLast)
            {
                return taken;
            }

            await watch.WaitAsync(taken.NextVisibleAt, over.Token);
        }
    }

    /// <summary>One message an event, until the client leaves or the server stops.</summary>
    public async Task StreamAsync(HttpContext context, MailboxRequest asked)
    {
        if (await store.CountAsync(asked.Access, asked.Name, context.RequestAborted) is null)
        {
            throw new ProblemException(MailboxProblems.NotFound);
        }

        using IDisposable place = places.Open(context);
        using MailboxWatch watch = signal.Watch(asked.Name);
        var stream = new MailboxStream(context, asked, store, signer, watch, time);
        streams.Add(stream);
        try
        {
            await stream.RunAsync();
        }
        finally
        {
            streams.Remove(stream);
        }
    }
}
