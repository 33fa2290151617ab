using System.Buffers.Binary;
using RealtimeOps.Hosting.Security;
using RealtimeOps.Operations;

namespace RealtimeOps.Relay;

/// <summary>What a service shows when it reports: good for one sending of one operation. Whether that is the present one is for the operation to say.</summary>
internal sealed class ReportTokens(TokenSigner signer)
{
    private const int Length = 2 * sizeof(long);

    /// <summary>An id may be used again when it is free; the time of the submission tells the two apart.</summary>
    public string Make(OperationKey key, DateTimeOffset createdAt, int sending)
    {
        Span<byte> content = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(content, createdAt.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64BigEndian(content[sizeof(long)..], sending);
        return signer.Sign(Purpose(key), content);
    }

    /// <summary>False when it was not made here, or for another operation.</summary>
    public bool TryRead(OperationKey key, string token, out DateTimeOffset createdAt, out int sending)
    {
        Span<byte> content = stackalloc byte[Length];
        bool isOurs = signer.TryRead(Purpose(key), token, content);
        createdAt = isOurs ? DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(content)) : default;
        sending = isOurs ? (int)BinaryPrimitives.ReadInt64BigEndian(content[sizeof(long)..]) : 0;
        return isOurs;
    }

    private static string Purpose(OperationKey key) => $"report {key}";
}
