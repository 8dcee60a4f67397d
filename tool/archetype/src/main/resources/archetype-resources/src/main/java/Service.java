package ${package};

import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;

import dev.heddle.Config;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.observe.Metrics;
import java.time.Duration;

/**
 * The service: its routes, what watches it, and its end.
 *
 * <p>SIGTERM and Ctrl-C end it in order: it says that it is not ready, waits until balancers have seen that, takes no
 * new connections, and lets requests under way finish. All of that has {@link #STOP_WITHIN}.
 */
public final class Service {

    /** The port, unless the environment has another one in PORT. */
    static final int PORT = 8080;

    /** How long it still takes requests after it has said that it is not ready: two looks of a balancer. */
    static final Duration DRAIN = Duration.ofSeconds(2);

    /** Below what its surroundings wait before they kill it: Docker 10 s, Kubernetes 30 s. */
    static final Duration STOP_WITHIN = Duration.ofSeconds(8);

    private Service() {}

    public static void main(String[] arguments) {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", Integer.toString(PORT)));
        Metrics.begin();
        Config config = Config.DEFAULT.withName("service").withLoopPerCpu().withShutdownTimeout(STOP_WITHIN);
        run(config, () -> app().serveOnAllLoops("0.0.0.0", port)); // so what handlers share must be safe for threads
    }

    /** All but the address, so that tests have the same. */
    static HttpServer.Builder app() {
        return HttpServer.builder()
                .get("/hello/{name}", Service::hello)
                .get("/metrics", request -> Response.text(offload(Metrics::text)))
                .health("/alive")
                .readiness("/ready") // add a HealthCheck for each thing that it cannot work without
                .drainDelay(DRAIN);
    }

    /** What is answered, as JSON. */
    record Greeting(String hello) {}

    private static Response hello(Request request) {
        return Response.json(new Greeting(request.path("name")));
    }
}
