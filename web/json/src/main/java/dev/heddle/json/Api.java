package dev.heddle.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.http.server.Handler;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.RouteBuilder;
import dev.heddle.http.server.RouteOptions;
import dev.heddle.http.server.Routes;
import dev.heddle.http.testing.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/**
 * Routes that say what they take and give, so that a document tells it to others: OpenAPI 3.1, or 3.2 if one of them
 * answers QUERY, for which 3.1 has no word.
 *
 * <pre>{@code
 * var api = Api.of("Shop", "1.0")
 *         .get("/orders/{id:long}", Order.class, request -> shop.order(request.pathLong("id")))
 *         .post("/orders", NewOrder.class, Order.class, (request, order) -> shop.place(order));
 *
 * HttpServer.builder()
 *         .mount("/api", api.routes())
 *         .get("/openapi.json", api.document("/api"));
 * }</pre>
 *
 * <p>What a route takes and gives are mostly records; for a list it is an array, {@code Order[].class}. A body that is
 * no such value gets 400 with the field, what it must be and where it stands: {@link JacksonCodec} says what counts. So
 * it is with what a route takes beside its body: {@link Parameter}. Both are told as problems (RFC 9457), of which the
 * document tells too.
 *
 * <p>The document describes types as Jackson writes them: names, enum constants and formats are those of the mapper,
 * components that need not be there, and rules of values, are those of {@link JacksonCodec}. Each record is a schema of its own under its
 * simple name, so that records may hold each other; of two with the same simple name the second is called by its full
 * one. A sealed type with {@code @JsonTypeInfo(use = NAME)} is one of its kinds, told apart by that property. What
 * Jackson cannot describe may be anything there.
 *
 * <p>Filled by one thread; {@link #routes()} and {@link #document} take what is there by then. To test routes, give
 * them to {@link TestClient#of(Routes)}.
 */
public final class Api {

    /**
     * One route.
     *
     * @param body {@code Void} if none is read
     * @param answer what it gives
     */
    record Route(String method, String path, Operation operation, Class<?> body, Class<?> answer, Handler handler) {}

    private final String title;
    private final String version;
    private final JsonMapper mapper;
    private final List<Route> routes = new ArrayList<>();
    private String description = "";

    private Api(String title, String version, JsonMapper mapper) {
        this.title = title;
        this.version = version;
        this.mapper = mapper;
    }

    /**
     * An API without routes yet, for servers with the codec that they find by themselves.
     *
     * @param title its name
     * @param version its own version, such as {@code 1.0}
     */
    public static Api of(String title, String version) {
        return of(title, version, JacksonCodec.exact().build());
    }

    /** The same for servers with a codec of this mapper: {@code json(new JacksonCodec(mapper))}. */
    public static Api of(String title, String version, JsonMapper mapper) {
        return new Api(Objects.requireNonNull(title), Objects.requireNonNull(version), Objects.requireNonNull(mapper));
    }

    /** Says what it is for, in CommonMark. */
    public Api description(String text) {
        description = Objects.requireNonNull(text);
        return this;
    }

    /**
     * Answers GET, and HEAD, on a path.
     *
     * @param path as {@link RouteBuilder} takes it
     * @param answer the type of what the handler gives
     * @throws IllegalArgumentException if the path is malformed, when {@link #routes} is called; if the answer is a
     *     String
     */
    public <R> Api get(String path, Class<R> answer, TypedHandler<? extends R> handler) {
        return get(path, Operation.DEFAULT, answer, handler);
    }

    /** Answers GET, and HEAD, on a path. */
    public <R> Api get(String path, Operation operation, Class<R> answer, TypedHandler<? extends R> handler) {
        return add("GET", path, operation, answer, handler);
    }

    /** Answers DELETE on a path. */
    public <R> Api delete(String path, Class<R> answer, TypedHandler<? extends R> handler) {
        return delete(path, Operation.DEFAULT, answer, handler);
    }

    /** Answers DELETE on a path. */
    public <R> Api delete(String path, Operation operation, Class<R> answer, TypedHandler<? extends R> handler) {
        return add("DELETE", path, operation, answer, handler);
    }

    /**
     * Answers POST on a path.
     *
     * @param body the type that the request must have as JSON
     * @param answer the type of what the handler gives
     */
    public <B, R> Api post(String path, Class<B> body, Class<R> answer, BodyHandler<B, ? extends R> handler) {
        return post(path, Operation.DEFAULT, body, answer, handler);
    }

    /** Answers POST on a path. */
    public <B, R> Api post(
            String path, Operation operation, Class<B> body, Class<R> answer, BodyHandler<B, ? extends R> handler) {
        return add("POST", path, operation, body, answer, handler);
    }

    /**
     * Answers POST on a path without a body of JSON: it takes the fields of a form, as the operation says, or nothing.
     */
    public <R> Api post(String path, Operation operation, Class<R> answer, TypedHandler<? extends R> handler) {
        return add("POST", path, operation, answer, handler);
    }

    /**
     * Answers QUERY on a path (RFC 10008), as {@link #post(String, Class, Class, BodyHandler)}: a question that changes
     * nothing. Says by {@code Accept-Query} that it is asked in JSON.
     */
    public <B, R> Api query(String path, Class<B> body, Class<R> answer, BodyHandler<B, ? extends R> handler) {
        return query(path, Operation.DEFAULT, body, answer, handler);
    }

    /** Answers QUERY on a path. */
    public <B, R> Api query(
            String path, Operation operation, Class<B> body, Class<R> answer, BodyHandler<B, ? extends R> handler) {
        RouteOptions options = operation.options();
        Operation told = options.acceptQuery().isEmpty()
                ? operation.withOptions(options.withAcceptQuery("application/json"))
                : operation;
        return add("QUERY", path, told, body, answer, handler);
    }

    /** Answers PUT on a path, as {@link #post(String, Class, Class, BodyHandler)}. */
    public <B, R> Api put(String path, Class<B> body, Class<R> answer, BodyHandler<B, ? extends R> handler) {
        return put(path, Operation.DEFAULT, body, answer, handler);
    }

    /** Answers PUT on a path. */
    public <B, R> Api put(
            String path, Operation operation, Class<B> body, Class<R> answer, BodyHandler<B, ? extends R> handler) {
        return add("PUT", path, operation, body, answer, handler);
    }

    /** Answers PUT on a path without a body of JSON, as {@link #post(String, Operation, Class, TypedHandler)}. */
    public <R> Api put(String path, Operation operation, Class<R> answer, TypedHandler<? extends R> handler) {
        return add("PUT", path, operation, answer, handler);
    }

    /** Answers PATCH on a path, as {@link #post(String, Class, Class, BodyHandler)}. */
    public <B, R> Api patch(String path, Class<B> body, Class<R> answer, BodyHandler<B, ? extends R> handler) {
        return patch(path, Operation.DEFAULT, body, answer, handler);
    }

    /** Answers PATCH on a path. */
    public <B, R> Api patch(
            String path, Operation operation, Class<B> body, Class<R> answer, BodyHandler<B, ? extends R> handler) {
        return add("PATCH", path, operation, body, answer, handler);
    }

    /** Answers PATCH on a path without a body of JSON, as {@link #post(String, Operation, Class, TypedHandler)}. */
    public <R> Api patch(String path, Operation operation, Class<R> answer, TypedHandler<? extends R> handler) {
        return add("PATCH", path, operation, answer, handler);
    }

    private <R> Api add(
            String method, String path, Operation operation, Class<R> answer, TypedHandler<? extends R> handler) {
        Objects.requireNonNull(handler);
        checkAnswer(answer);
        RouteParameters.check(method, path, false, operation.parameters());
        routes.add(new Route(method, path, operation, Void.class, answer, request -> {
            ParameterRules.check(request, operation.parameters());
            return response(operation, handler.answer(request));
        }));
        return this;
    }

    private <B, R> Api add(
            String method, String path, Operation operation, Class<B> body, Class<R> answer,
            BodyHandler<B, ? extends R> handler) {
        Objects.requireNonNull(handler);
        checkAnswer(answer);
        RouteParameters.check(method, path, true, operation.parameters());
        routes.add(new Route(method, path, operation, body, answer, request -> {
            ParameterRules.check(request, operation.parameters());
            return response(operation, handler.answer(request, request.json(body)));
        }));
        return this;
    }

    /** What a text would be written as is taken for a document that is one already. */
    private static void checkAnswer(Class<?> answer) {
        if (answer == String.class) {
            throw new IllegalArgumentException("an answer is a record or the like, no String: put it into a record");
        }
    }

    private static Response response(Operation operation, Object value) {
        Objects.requireNonNull(value, "a handler of an API gives a value; throw a StatusException where there is none");
        int status = operation.status();
        return status == 204 || status == 205
                ? Response.empty(status)
                : Response.json(value).withStatus(status);
    }

    /**
     * The routes, to be mounted in a server or in other routes.
     *
     * @throws IllegalArgumentException if a rule of a body's record cannot be checked, or as {@link #document}
     */
    public Routes routes() {
        var mounted = Routes.create();
        var schemas = new Schemas(mapper);
        for (Route route : routes) {
            schemas.sent(route.body());
            mounted.route(route.method(), route.path(), route.operation().options(), route.handler());
        }
        return mounted;
    }

    /**
     * A handler that gives the document of the routes that are there now.
     *
     * @param prefix where the routes are mounted, as {@code /api}; {@code /} if nowhere
     * @throws IllegalArgumentException if a type cannot be described: Jackson would fail to write it too
     */
    public Handler document(String prefix) {
        byte[] document = json(prefix).getBytes(UTF_8);
        return request -> Response.bytes("application/json", document);
    }

    /** The document as a text, for files and tests; as {@link #document}. */
    public String json(String prefix) {
        return new ApiDocument(mapper).of(title, version, description, prefix, List.copyOf(routes));
    }

    @Override
    public String toString() {
        return "Api[" + title + " " + version + ", " + routes.size() + " routes]";
    }
}
