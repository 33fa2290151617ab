using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Operations;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Watch.Callbacks;

/// <summary>
/// One open event stream of a mailbox. It sends no more than so many messages ahead of their acknowledgement: the rest stays for other readers, and is
/// not given out again only because this one needs its time.
/// </summary>
internal sealed class MailboxStream(HttpContext context, MailboxRequest asked, IMailboxStore store, MessageSigner signer, MailboxWatch watch, TimeProvider time)
    : ServerStream(context, StreamFormat.EventStream, time)
{
    private volatile bool _heartbeatDue;
    private volatile bool _closing;

    public async Task RunAsync()
    {
        WriteHead(StatusCodes.Status200OK);
        await using CancellationTokenRegistration left = CloseWhenClientLeaves();
        Body.Write(Format.Prelude.Span);
        IReadOnlyList<long> given = [];
        while (await FlushAsync() && !_closing)
        {
            DateTimeOffset now = Time.GetUtcNow();
            watch.AwaitsRoom = given.Count >= asked.Most;
            given = await store.StillOutAsync(given, now, Context.RequestAborted);
            int room = asked.Most - given.Count;
            if (await store.TakeAsync(asked.Access, asked.Name, now, now + asked.Visibility, room) is not { } taken)
            {
                return;
            }

            foreach (MailboxMessage message in taken.Messages)
            {
                Write(message, now);
            }

            given = [.. given, .. taken.Messages.Select(message => message.Number)];
            if (taken.Messages.Count == 0 && !_heartbeatDue)
            {
                await watch.WaitAsync(taken.NextVisibleAt, CancellationToken.None);
            }

            if (_heartbeatDue)
            {
                _heartbeatDue = false;
                Body.Write(Format.Heartbeat.Span);
            }
        }
    }

    protected override void Beat()
    {
        _heartbeatDue = true;
        watch.Wake();
    }

    protected override void Close()
    {
        _closing = true;
        watch.Wake();
    }

    private void Write(MailboxMessage message, DateTimeOffset now)
    {
        Encoding.ASCII.GetBytes($"id: {message.Id}\ndata: ", Body);
        using (var json = new Utf8JsonWriter(Body, StatusJson.WriterOptions))
        {
            MailboxJson.Write(json, message, signer, now);
        }

        Body.Write("\n\n"u8);
    }
}
