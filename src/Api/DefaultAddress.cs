namespace RealtimeOps.Api;

/// <summary>Where to listen when nobody says: not in appsettings.json, where it would win over ASPNETCORE_URLS.</summary>
internal static class DefaultAddress
{
    private const string Address = "http://localhost:5080";

    public static void AddDefaultAddress(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(Address);
        }
    }
}
