using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;

namespace RealtimeOps.Hosting.Security;

/// <summary>Links that show the Status of one operation to whoever has them, until they end: for <c>new EventSource()</c> and for pages without a login.</summary>
internal sealed class SignedLinks(TokenSigner signer, TimeProvider time)
{
    public const string Parameter = "link";

    private const int Length = 2 * sizeof(long);

    public string Sign(LinkedOperation operation, DateTimeOffset expiresAt)
    {
        Span<byte> content = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(content, expiresAt.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64BigEndian(content[sizeof(long)..], operation.CreatedAt.ToUnixTimeMilliseconds());
        return signer.Sign(Purpose(operation.Type, operation.Id), content);
    }

    /// <summary>The token in the request's query; null when there is none.</summary>
    public static string? TokenOf(HttpRequest request) =>
        request.QueryString.HasValue && request.Query.TryGetValue(Parameter, out var values) ? values.ToString() : null;

    /// <summary>Who comes by the link.</summary>
    /// <exception cref="ProblemException">It is not for this operation, or has ended.</exception>
    public Caller Open(string token, string type, string id)
    {
        Span<byte> content = stackalloc byte[Length];
        if (!signer.TryRead(Purpose(type, id), token, content))
        {
            throw new ProblemException(Problems.Unauthorized("The link is not one that this server made for this operation.", isInvalid: true));
        }

        var link = new Link(DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(content)));
        return link.IsOver(time.GetUtcNow())
            ? throw new ProblemException(Problems.Unauthorized("The link has ended. Ask for a new one.", isInvalid: true))
            : new Caller
            {
                Owner = "",
                Name = "a link",
                Scopes = Scopes.None,
                Credential = link,
                Link = new LinkedOperation(type, id, DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(content[sizeof(long)..]))),
            };
    }

    private static string Purpose(string type, string id) => $"link {type}/{id}";

    private sealed class Link(DateTimeOffset expiresAt) : Credential
    {
        public override DateTimeOffset? ExpiresAt { get; } = expiresAt;

        public override bool IsRevoked => false;
    }
}
