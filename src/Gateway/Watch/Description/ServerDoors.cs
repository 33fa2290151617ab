namespace RealtimeOps.Watch.Description;

/// <summary>The descriptions of the routes that are about the server.</summary>
internal static class ServerDoors
{
    private const string Server = "Server";

    private static readonly Content Session = new("Session");
    private static readonly Content Health = new("Health");

    public static readonly Door Types = new("listOperationTypes", Server, "Those that you may use, with the JSON Schemas of their inputs.") { Answers = [new(200, "The types.", new Content("TypeList"))] };

    public static readonly Door ReadSession = new("readSession", Server, "By whatever credential the request shows.") { Answers = [new(200, "It is you.", Session)], Problems = [401] };

    public static readonly Door SignIn = new("signIn", Server, "Sets a cookie that no script can read, for twelve hours.")
    {
        Body = [new("SessionKey")],
        Answers = [new(200, "Signed in.", Session) { Headers = ["Set-Cookie"] }],
        Problems = [401, 413, 415],
    };

    public static readonly Door SignOut = new("signOut", Server, "Takes the cookie back.") { Answers = [new(204, "Signed out.") { Headers = ["Set-Cookie"] }] };

    public static readonly Door Live = new("isLive", Server, "The process answers.") { Answers = [new(200, "It does.", Health)] };

    public static readonly Door Ready = new("isReady", Server, "Whether the store can be written, and what else an operator should know.")
    {
        Answers = [new(200, "Ready; or `degraded`, with the reasons.", Health), new(503, "Not ready, with the reasons.", Health)],
    };

    public static readonly Door OpenApi = new("readDescription", Server, "With a path for each operation type that you may use.") { Answers = [new(200, "OpenAPI 3.1.", new Content("Description"))], Problems = [401] };
}
