using Microsoft.AspNetCore.Http;
using RealtimeOps.Hosting;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Watch.Callbacks;

/// <summary>Mailboxes: callbacks for clients that nothing can reach. They fetch, and acknowledge what they have dealt with.</summary>
internal sealed class MailboxesEndpoint(IMailboxStore store, MailboxReader reader, MessageSigner signer, BaseUri baseUri, TimeProvider time)
{
    public async Task ListAsync(HttpContext context)
    {
        int size = Paging.Size(context.Request.Query);
        IReadOnlyList<Mailbox> found = await store.ListAsync(MessageAccesses.See(context), Paging.Before(context.Request.Query), size + 1, context.RequestAborted);
        string root = baseUri.Of(context.Request);
        await JsonAnswer.WritePageAsync(context, "mailboxes", found, size, mailbox => Paging.Token(mailbox.Number), (json, mailbox) => MailboxJson.Write(json, mailbox, root));
    }

    public async Task ReadAsync(HttpContext context)
    {
        var asked = MailboxRequest.Read(context);
        context.Response.Headers.Vary = "Accept, Prefer";
        if (StreamFormat.Accepted(context.Request) == StreamFormat.EventStream)
        {
            await reader.StreamAsync(context, asked);
            return;
        }

        Prefer prefer = Prefer.Read(context.Request);
        TakenMessages taken = await reader.TakeAsync(context, asked, TimeSpan.FromSeconds(prefer.Wait));
        long? pending = await store.CountAsync(asked.Access, asked.Name, context.RequestAborted);
        if (prefer.Applied is { } applied)
        {
            context.Response.Headers["Preference-Applied"] = applied;
        }

        DateTimeOffset now = time.GetUtcNow();
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("messages"u8);
            foreach (MailboxMessage message in taken.Messages)
            {
                MailboxJson.Write(json, message, signer, now);
            }

            json.WriteEndArray();
            json.WriteNumber("pending"u8, pending ?? 0);
            json.WriteEndObject();
        });
    }

    public async Task GetAsync(HttpContext context)
    {
        DateTimeOffset now = time.GetUtcNow();
        MailboxMessage message = await store.FindAsync(MessageAccesses.See(context), MailboxRequest.NameOf(context), IdOf(context), now) ?? throw new ProblemException(MailboxProblems.NoMessage);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json => MailboxJson.Write(json, message, signer, now));
    }

    /// <summary>204 however often it is said, also when the message is long gone: a consumer that repeats it has nothing to find out.</summary>
    public async Task AcknowledgeAsync(HttpContext context)
    {
        string name = MailboxRequest.NameOf(context);
        string id = IdOf(context);
        if (!MailboxRequest.IsMessageId(id))
        {
            throw new ProblemException(MailboxProblems.NoMessage);
        }

        Answer(context, await store.AcknowledgeAsync(MessageAccesses.Change(context), name, id, time.GetUtcNow()));
    }

    public async Task AcknowledgeUpToAsync(HttpContext context)
    {
        string name = MailboxRequest.NameOf(context);
        if (SubmissionOptions.Single(context.Request.Query, "upTo") is not { } id || !MailboxRequest.IsMessageId(id))
        {
            throw MailboxRequest.Bad("'upTo' must be the id of a message of this mailbox. Nothing was acknowledged.");
        }

        Answer(context, await store.AcknowledgeUpToAsync(MessageAccesses.Change(context), name, id, time.GetUtcNow()));
    }

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["message"]!;

    private static void Answer(HttpContext context, bool isOpen) =>
        context.Response.StatusCode = isOpen ? StatusCodes.Status204NoContent : throw new ProblemException(MailboxProblems.NotFound);
}
