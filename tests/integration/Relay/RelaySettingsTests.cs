using Microsoft.Extensions.Options;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Relay;

/// <summary>Faulty routes are told at the start, all at once.</summary>
public sealed class RelaySettingsTests
{
    [Fact]
    public async Task Start_WithFaultyRoutes_NamesEveryFault()
    {
        Dictionary<string, string?> settings = new()
        {
            ["Relay:Routes:0:Path"] = "reports",
            ["Relay:Routes:0:Target"] = "ftp://reports.internal",
            ["Relay:Routes:0:Type"] = "Reports",
            ["Relay:Routes:0:Get"] = "maybe",
            ["Relay:Routes:0:Headers:0"] = "Host",
            ["Relay:Routes:0:Origins:0"] = "files.example.com",
            ["Relay:Routes:0:Silence"] = "00:00:00",
            ["Relay:Routes:1:Path"] = "/operations/**",
            ["Relay:Routes:1:Target"] = "http://user@reports.internal",
            ["Relay:Routes:1:Type"] = "demo.steps",
            ["Relay:Routes:2:Path"] = "/a/**",
            ["Relay:Routes:2:Target"] = "http://reports.internal/?q",
            ["Relay:Routes:3:Path"] = "/A",
            ["Relay:Routes:3:Target"] = "http://reports.internal",
            ["Relay:Routes:4:Path"] = "/**",
            ["Relay:Routes:4:Target"] = "http://reports.internal",
            ["Operations:a:Retries"] = "-1",
        };

        Exception failure = await Should.ThrowAsync<Exception>(() => GatewayServer.StartAsync(settings));

        string told = string.Join('\n', Faults(failure));
        foreach (string fault in (string[])
            [
                "Routes:0:Path is 'reports'", "Routes:0:Target", "Routes:0:Type is 'Reports'", "Routes:0:Get is 'maybe'", "Routes:0:Headers holds 'Host'", "Routes:0:Origins holds", "Routes:0:Silence",
                "Routes:1:Path is '/operations/**', which is the gateway's own", "Routes:1:Target", "the Type 'demo.steps' is there twice", "Routes:2:Target", "the Path '/a' is there twice", "the Type 'a' is there twice", "Retries", "Routes:4:Path is '/**'",
            ])
        {
            told.ShouldContain(fault);
        }

        told.ShouldNotContain("Routes:4:Type");
    }

    /// <summary>The client's Host header does not say where a service sends its token to.</summary>
    [Fact]
    public async Task Start_WithCredentialsAndNoAddressToReportTo_IsRefused()
    {
        Dictionary<string, string?> settings = new Security.Keys().With("anna", "submit").Settings();
        settings["Relay:Routes:0:Path"] = "/reports/**";
        settings["Relay:Routes:0:Target"] = "http://reports.internal";

        string.Join('\n', Faults(await Should.ThrowAsync<Exception>(() => GatewayServer.StartAsync(settings)))).ShouldContain("Relay:ReportUrl");
    }

    [Fact]
    public async Task Start_WithAnUnreadableRoute_DoesNotIgnoreIt()
    {
        Dictionary<string, string?> settings = new()
        {
            ["Relay:Routes:0:Path"] = "/reports/**",
            ["Relay:Routes:0:Target"] = "http://reports.internal",
            ["Relay:Routes:0:Silence"] = "soon",
        };

        string.Join('\n', Faults(await Should.ThrowAsync<Exception>(() => GatewayServer.StartAsync(settings)))).ShouldContain("Silence");
    }

    private static IEnumerable<string> Faults(Exception failure) => failure switch
    {
        OptionsValidationException options => options.Failures,
        AggregateException several => several.InnerExceptions.SelectMany(Faults),
        _ => [failure.Message],
    };
}
