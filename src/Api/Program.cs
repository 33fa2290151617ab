using RealtimeOps;
using RealtimeOps.Api;
using RealtimeOps.Api.CsvProfile;
using RealtimeOps.Api.DemoSteps;
using Serilog;

if (HealthProbe.IsWanted(args))
{
    return await HealthProbe.RunAsync(args);
}

Log.Logger = Logging.Bootstrap();
try
{
    WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = DefaultFolder.Find() });
    builder.AddLogging();
    builder.AddDefaultAddress();
    builder.AddTelemetryExport();
    builder.Services.AddProblemDetails(Problems.Describe);
    builder.Services.AddRealtimeOps()
        .AddHangfireEngine()
        .AddOperation<CsvProfileHandler>(CsvProfileHandler.Type, CsvProfileHandler.Description, mediaTypes: CsvProfileHandler.MediaType)
        .AddOperation<DemoStepsHandler>(DemoStepsHandler.Type, DemoStepsHandler.Description);

    WebApplication app = builder.Build();
    if (Backup.IsWanted(args))
    {
        Backup.Run(app, args);
        return 0;
    }

    app.UseAnswerHeaders();
    app.UseWhen(Problems.IsNotTheGateways, others => others.UseStatusCodePages(Problems.AnswerAsync));
    app.UseWebFiles();
    app.UseApiDocs();
    app.MapRealtimeOps();
    app.MapHangfire();
    await app.RunAsync();
    return 0;
}
catch (Exception failure) when (StartupFailure.Explain(failure) is { } reason)
{
    Log.Fatal("The server cannot start. {Reason}", reason);
    return 1;
}
finally
{
    await Log.CloseAndFlushAsync();
}
