using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace RealtimeOps.Feed;

/// <summary>
/// Puts messages into envelopes for a transport that carries texts of a bounded length, and takes them out again. Each bears its sender and a number that
/// the sender counts, so that a receiver sees when one is missing.
/// </summary>
/// <param name="longest">How many bytes of UTF-8 an envelope may have.</param>
internal sealed class FeedEnvelopes(int longest)
{
    private readonly string _node = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private readonly Dictionary<string, long> _heard = [];
    private long _number;

    /// <summary>As few envelopes as hold the messages, in order. What is too long for one becomes a request to look it up.</summary>
    public List<string> Pack(IEnumerable<FeedMessage> messages)
    {
        var envelopes = new List<string>();
        StringBuilder? open = null;
        int length = 0;
        foreach (FeedMessage message in messages)
        {
            byte[] json = Write(message);
            if (open is null || length + json.Length + 1 > longest)
            {
                Close(envelopes, open);
                open = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{{\"Node\":\"{_node}\",\"Number\":{++_number},\"Messages\":["));
                length = open.Length + "]}".Length;
            }
            else
            {
                open.Append(',');
            }

            open.Append(Encoding.UTF8.GetString(json));
            length += json.Length + 1;
        }

        Close(envelopes, open);
        return envelopes;
    }

    /// <summary>Passes on what is in an envelope, unless it is one of our own.</summary>
    public void Open(string envelope, IFeedListener listener)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(envelope);
            string node = json.RootElement.GetProperty("Node").GetString()!;
            if (node != _node)
            {
                Open(json.RootElement, node, listener);
            }
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Another version wrote it, or somebody else: what it was meant to say is in the store.
            listener.Missed();
        }
    }

    /// <summary>A new connection: what was sent before it is no gap.</summary>
    public void Forget() => _heard.Clear();

    /// <summary>The end of a removed operation cannot be looked up any more, but that it is gone can.</summary>
    private byte[] Write(FeedMessage message)
    {
        byte[] json = FeedRecord.Write(message);
        return json.Length + 128 <= longest ? json : FeedRecord.Write(message switch
        {
            FeedMessage.Changed { Status: { } status } => new FeedMessage.Look(status.Key),
            FeedMessage.Gone { Last: { } last } => new FeedMessage.Look(last.Key),
            _ => new FeedMessage.Lost(),
        });
    }

    private void Open(JsonElement envelope, string node, IFeedListener listener)
    {
        long number = envelope.GetProperty("Number").GetInt64();
        bool isMissing = _heard.TryGetValue(node, out long heard) && number != heard + 1;
        _heard[node] = number;
        if (isMissing)
        {
            listener.Missed();
        }

        foreach (JsonElement message in envelope.GetProperty("Messages").EnumerateArray())
        {
            if (FeedRecord.Read(message) is { } known)
            {
                listener.Received(known);
            }
        }
    }

    private static void Close(List<string> envelopes, StringBuilder? open)
    {
        if (open is not null)
        {
            envelopes.Add(open.Append("]}").ToString());
        }
    }
}
