using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using Npgsql;
using RealtimeOps.Feed;

namespace RealtimeOps.Storage.Postgres;

/// <summary>
/// LISTEN and NOTIFY. The channel bears the number of the table of operations, so that several gateways may live in one database. Sending has transactions of its own:
/// PostgreSQL lets one that notifies commit at a time, and nobody's writes shall wait for that.
/// </summary>
internal sealed class PostgresBackplane(NpgsqlDataSource source) : IFeedBackplane
{
    /// <summary>PostgreSQL takes less than 8000 bytes.</summary>
    private const int Longest = 7999;

    private const int SendLimit = 10;
    private const int ProbeLimit = 5;
    private const string Channel = "'realtimeops_' || 'operations'::regclass::oid";

    /// <summary>A connection that has died without a word is noticed after this, and the time that the probe is given.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private readonly FeedEnvelopes _envelopes = new(Longest);

    public async Task SendAsync(IReadOnlyList<FeedMessage> messages, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlCommand command = source.CreateCommand($"SELECT pg_notify({Channel}, envelope) FROM unnest($1) AS envelope");
            command.CommandTimeout = SendLimit;
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. _envelopes.Pack(messages)] });
            await command.ExecuteNonQueryAsync(cancellationToken);
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
            listener.Connected();
            while (true)
            {
                if (!await connection.WaitAsync(Silence, cancellationToken))
                {
                    await ExecuteAsync(connection, "SELECT 1", cancellationToken);
                }
            }
        }
        catch (Exception failure) when (IsFailure(failure))
        {
            throw new StoreUnavailableException(failure.Message, failure);
        }
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = ProbeLimit };
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static bool IsFailure(Exception failure) => failure is DbException or IOException or SocketException or TimeoutException;
}
