/** OpenTelemetry for programs on Heddle: its context in tasks, spans of requests, and metrics. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // OpenTelemetry's jars are no modules yet
module dev.heddle.observe.opentelemetry {
    requires transitive dev.heddle.http;
    requires transitive io.opentelemetry.api;
    requires transitive io.opentelemetry.context;
    requires dev.heddle.observe;
    requires static org.jspecify;

    exports dev.heddle.observe.opentelemetry;

    provides io.opentelemetry.context.ContextStorageProvider with
            dev.heddle.observe.opentelemetry.TaskContextStorageProvider;
}
