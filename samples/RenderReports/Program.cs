using RealtimeOps;
using RealtimeOps.Samples.RenderReports;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddRealtimeOps()
    .AddOperation<RenderReport>("reports.render", "Renders the report of a year.");

WebApplication app = builder.Build();
app.MapRealtimeOps();
app.Run();
