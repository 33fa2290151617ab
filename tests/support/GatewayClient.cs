using System.Globalization;
using System.Text;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace RealtimeOps.TestSupport;

/// <summary>Speaks to a gateway over a real socket; paths may be relative or absolute.</summary>
public sealed class GatewayClient : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Shows the key, if there is one, with every request.</summary>
    public GatewayClient(Uri address, string? key = null)
    {
        Address = address;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address, Timeout = Limits.Limit };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
        }
    }

    public Uri Address { get; }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public Task<Answer> PostAsync(string path, object? json = null, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, Json(json), headers);

    public Task<Answer> PutAsync(string path, object json, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Put, path, Json(json), headers);

    public Task<Answer> PatchAsync(string path, object json) => SendAsync(HttpMethod.Patch, path, Json(json));

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage response = await OpenAsync(method, path, content, headers);
        return await Answer.ReadAsync(response).Limited();
    }

    /// <summary>Answers when the head has come.</summary>
    public async Task<HttpResponseMessage> OpenAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).Limited();
    }

    /// <summary>Submits to the type and answers the 202.</summary>
    public async Task<Answer> SubmitAsync(string type, object input, string query = "") => (await PostAsync($"/operations/{type}{query}", input)).ShouldBe(202);

    /// <summary>Submits and waits for the final Status.</summary>
    public async Task<JsonElement> RunAsync(string type, object input, string query = "") => await WaitForEndAsync((await SubmitAsync(type, input, query)).Uri);

    public Task<JsonElement> WaitForEndAsync(string uri) => WaitAsync(uri, status => status.Number("progress") == 100);

    public Task<JsonElement> WaitForStateAsync(string uri, string state) => WaitAsync(uri, status => status.Text("state") == state);

    /// <summary>Long polls until the Status is as wanted.</summary>
    public async Task<JsonElement> WaitAsync(string uri, Func<JsonElement, bool> wanted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limits.Limit);
        string known = "W/\"0\"";
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            Answer answer = await GetAsync(uri, ("Prefer", "wait=5"), ("If-None-Match", known));
            if (answer.Code == 304)
            {
                continue;
            }

            answer.Code.ShouldBeOneOf(200, 202);
            if (wanted(answer.Json))
            {
                return answer.Json;
            }

            answer.Code.ShouldBe(202, "It ended otherwise: " + answer.Text);
            known = answer["ETag"]!;
        }
    }

    public Task<EventStream> WatchAsync(string uri, params (string Name, string Value)[] headers) => StreamAsync(HttpMethod.Get, uri, null, headers);

    /// <summary>Asks for server-sent events.</summary>
    public async Task<EventStream> StreamAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        HttpResponseMessage response = await OpenAsync(method, path, content, [("Accept", "text/event-stream"), .. headers]);
        ((int)response.StatusCode).ShouldBeOneOf(200, 202);
        return await EventStream.OpenAsync(response);
    }

    public static HttpContent? Json(object? value) => value switch
    {
        null => null,
        string text => Body(text, "application/json"),
        _ => Body(JsonSerializer.Serialize(value, JsonSerializerOptions.Web), "application/json"),
    };

    public static ByteArrayContent Body(string text, string? mediaType) => Body(Encoding.UTF8.GetBytes(text), mediaType);

    public static ByteArrayContent Body(byte[] bytes, string? mediaType)
    {
        var content = new ByteArrayContent(bytes);
        if (mediaType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", mediaType).ShouldBeTrue();
        }

        return content;
    }

    public static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public void Dispose() => _http.Dispose();
}
