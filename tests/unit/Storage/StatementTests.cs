using Microsoft.Data.Sqlite;
using RealtimeOps.Storage.Sqlite;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Storage;

public sealed class StatementTests : IDisposable
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:");

    public StatementTests() => _connection.Open();

    public void Dispose() => _connection.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("Gdańsk \U0001F30D \u0000 end")]
    public void Bind_Text_ComesBackAsItWas(string? text)
    {
        using var statement = new SqliteStatement(_connection, "SELECT ?1");
        statement.Bind(text).Query(row => row.TextOrNull(0)).ShouldBe([text]);
    }

    [Fact]
    public void Bind_Bytes_ComeBackAsTheyWere()
    {
        using var statement = new SqliteStatement(_connection, "SELECT ?1");
        foreach (byte[]? bytes in (byte[]?[])[null, [], [0, 1, 255]])
        {
            statement.Bind(bytes).Query(row => row.BytesOrNull(0))[0].ShouldBe(bytes);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0L)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void Bind_Number_ComesBackAsItWas(long? number)
    {
        using var statement = new SqliteStatement(_connection, "SELECT ?1");
        statement.Bind(number).Query(row => row.NumberOrNull(0)).ShouldBe([number]);
    }

    [Fact]
    public void Execute_ThatFails_TellsAndCanBeUsedAgain()
    {
        using var create = new SqliteStatement(_connection, "CREATE TABLE t (n INTEGER PRIMARY KEY)");
        create.Execute();
        using var insert = new SqliteStatement(_connection, "INSERT INTO t (n) VALUES (?1)");
        insert.Bind(1).Execute().ShouldBe(1);
        Should.Throw<SqliteException>(() => insert.Bind(1).Execute()).SqliteErrorCode.ShouldBe(19);
        insert.Bind(2).Execute().ShouldBe(1);
        using var upsert = new SqliteStatement(_connection, "INSERT INTO t (n) VALUES (?1) ON CONFLICT DO NOTHING");
        upsert.Bind(2).Execute().ShouldBe(0);
    }
}
