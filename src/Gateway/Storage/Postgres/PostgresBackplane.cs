using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using Npgsql;
using RealtimeOps.Feed;

namespace RealtimeOps.Storage.Postgres;

/// <summary>
/// LISTEN and NOTIFY. The channel bears the number of the table of operations, so that several gateways may live in one database. Sending has transactions of its own:
/// PostgreSQL lets one that notifies commit at a time, and nobody's writes shall wait for that. So a server may die between a write and telling of it; but each counts its writes in the
/// database, and a living one writes every two seconds.
/// </summary>
internal sealed class PostgresBackplane(NpgsqlDataSource source, TimeProvider time) : IFeedBackplane
{
    /// <summary>PostgreSQL takes less than 8000 bytes.</summary>
    private const int Longest = 7999;

    private const int SendLimit = 10;
    private const int ProbeLimit = 5;
    private const string Channel = "'realtimeops_' || 'operations'::regclass::oid";

    /// <summary>In milliseconds. A writer that has not written for this long and has not taken its leave may have died with something untold.</summary>
    private const int LongestSilence = 5000;

    private const string Writers = "SELECT id, batch FROM writers WHERE seen_at <= (extract(epoch FROM clock_timestamp()) * 1000)::bigint - $1";

    /// <summary>How often it is looked for such writers.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>Every server says something each second, this one too. Whoever hears nothing for so long is deaf: the connection has died without a word, or a pooler gives it to others.</summary>
    private static readonly TimeSpan LongestDeafness = TimeSpan.FromSeconds(5);

    private readonly FeedEnvelopes _envelopes = new(Longest);
    private volatile bool _isBehind;

    /// <summary>The last messages could not be sent.</summary>
    public bool IsBehind => _isBehind;

    public async Task SendAsync(IReadOnlyList<FeedMessage> messages, CancellationToken cancellationToken)
    {
        _isBehind = true;
        try
        {
            await using NpgsqlCommand command = source.CreateCommand($"SELECT pg_notify({Channel}, envelope) FROM unnest($1) AS envelope");
            command.CommandTimeout = SendLimit;
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. _envelopes.Pack(messages)] });
            await command.ExecuteNonQueryAsync(cancellationToken);
            _isBehind = false;
        }
        catch (Exception failure) when (IsFailure(failure))
        {
            throw new StoreUnavailableException(failure.Message, failure);
        }
    }

    public async Task ListenAsync(IFeedListener listener, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
            connection.Notification += (_, notification) => _envelopes.Open(notification.Payload, listener);
            var channel = (string)(await ExecuteAsync(connection, $"SELECT {Channel}", cancellationToken))!;
            await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"LISTEN {channel}"), cancellationToken);
            _envelopes.Forget();
            await HearAsync(connection, cancellationToken);
            HashSet<(long, long)> known = await FindWritersAsync(connection, silence: 0, cancellationToken);
            listener.Connected();
            long lookedAt = time.GetTimestamp();
            while (true)
            {
                await HearAsync(connection, cancellationToken);
                if (time.GetElapsedTime(lookedAt) >= Beat)
                {
                    lookedAt = time.GetTimestamp();
                    HashSet<(long, long)> silent = await FindWritersAsync(connection, LongestSilence, cancellationToken);
                    if (!silent.IsSubsetOf(known))
                    {
                        known.UnionWith(silent);
                        listener.Missed();
                    }
                }
            }
        }
        catch (Exception failure) when (IsFailure(failure) || failure is InvalidOperationException)
        {
            // The last is what a connection answers that has broken in the middle of a message.
            throw new StoreUnavailableException(failure.Message, failure);
        }
    }

    private static async Task HearAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!await connection.WaitAsync(LongestDeafness, cancellationToken))
        {
            throw new StoreUnavailableException("Nothing is heard, not even of this server itself.");
        }
    }

    /// <summary>The writers that have not written for <paramref name="silence"/> ms, each with the last of its batches that can be seen: that may be one more than when its silence began.</summary>
    private static async Task<HashSet<(long Writer, long Batch)>> FindWritersAsync(NpgsqlConnection connection, long silence, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Writers, connection) { CommandTimeout = ProbeLimit };
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = silence });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        var writers = new HashSet<(long, long)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            writers.Add((reader.GetInt64(0), reader.GetInt64(1)));
        }

        return writers;
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = ProbeLimit };
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static bool IsFailure(Exception failure) => failure is DbException or IOException or SocketException or TimeoutException;
}
