package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import dev.heddle.http.StatusException;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.testing.TestClient;
import dev.heddle.sim.Sim;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A failure comes out of each combinator as what it is: a status is answered as one, and a failed call names its request.
 * The combinators are all static methods that run code of their caller, found by reflection.
 */
final class CombinatorFailuresTest {

    /** What tells of failures in what it returns, and so throws none; and what is no combinator of a task. */
    private static final Set<String> OTHERS = Set.of("run", "gatherOutcomes");

    /** Code of a caller, which fails. */
    private interface Failing {
        Object run() throws Exception;
    }

    static Stream<Method> combinators(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && Modifier.isStatic(method.getModifiers()))
                .filter(method -> !OTHERS.contains(method.getName()))
                .filter(method -> Arrays.stream(method.getParameterTypes()).anyMatch(CombinatorFailuresTest::isCode));
    }

    private static boolean isCode(Class<?> type) {
        return type.isArray() || Collection.class == type || CompletionStage.class == type
                || (type.isInterface() && !Map.class.isAssignableFrom(type) && type != Iterable.class);
    }

    private static Object argument(Method method, Class<?> type, Failing failing) {
        Callable<Object> callable = failing::run;
        Action action = failing::run;
        Object known = Map.<Class<?>, Object>ofEntries(
                Map.entry(Callable.class, callable),
                Map.entry(Action.class, action),
                Map.entry(Callable[].class, new Callable<?>[]{callable, callable}),
                Map.entry(Action[].class, new Action[]{action, action}),
                Map.entry(Collection.class, List.of(callable, callable)),
                Map.entry(Iterable.class, List.of(1, 2)),
                Map.entry(TaskGroup.Body.class, (TaskGroup.Body<Object>) group -> group.spawn(callable).join()),
                Map.entry(TaskGroup.VoidBody.class, (TaskGroup.VoidBody) group -> group.spawn(action)),
                Map.entry(CompletionStage.class, stage(failing)),
                Map.entry(Duration.class, Duration.ofHours(1)),
                Map.entry(String.class, "work"),
                Map.entry(int.class, 2)).get(type);
        return known == null ? mapper(method, type, failing) : known;
    }

    private static CompletionStage<Object> stage(Failing failing) {
        try {
            return CompletableFuture.completedFuture(failing.run());
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Object mapper(Method method, Class<?> type, Failing failing) {
        if (Set.of("Mapper", "ItemAction").contains(type.getSimpleName())) {
            return java.lang.reflect.Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                    (proxy, called, values) -> failing.run());
        }
        throw new AssertionError(method + " takes a " + type + ": say here how it gets failing code");
    }

    private static Object call(Method combinator, Failing failing) throws Exception {
        Object[] arguments = Arrays.stream(combinator.getParameterTypes())
                .map(type -> argument(combinator, type, failing))
                .toArray();
        try {
            Object result = combinator.invoke(null, arguments);
            return result instanceof Task<?> task ? task.join() : result;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception failure) {
                throw failure;
            }
            throw new AssertionError(e.getCause());
        }
    }

    private static int statusThrough(Method combinator) {
        return statusThrough(combinator, () -> {
            throw new StatusException(418, "short and stout");
        });
    }

    private static int statusThrough(Method combinator, Failing failing) {
        Routes routes = Routes.create().get("/", request -> Response.text("" + call(combinator, failing)));
        return Sim.run(() -> {
            try (TestClient http = TestClient.of(routes)) {
                return http.get("/").status();
            }
        });
    }

    @Test
    void statusIsAnsweredAsOneFromEachCombinator() {
        List<Method> all = combinators(Heddle.class).toList();
        assertTrue(all.size() >= 20, all::toString);
        for (Method each : all) {
            assertEquals(418, statusThrough(each), each::toString);
        }
    }

    @Test
    void deadlineOfTheHandlersOwnIsAnsweredAs503FromEachCombinator() {
        Failing late = () -> Heddle.timeout(Duration.ofMillis(1), () -> {
            Heddle.sleep(Duration.ofSeconds(1));
            return "late";
        });
        for (Method each : combinators(Heddle.class).toList()) {
            assertEquals(503, statusThrough(each, late), each::toString);
        }
    }

    /** Fails as each call to a server would that is not there. */
    @Test
    void failedCallNamesItsRequestFromEachCombinator() {
        for (Method each : combinators(Heddle.class).toList()) {
            String said = Sim.run(() -> {
                try (HttpClient http = HttpClient.create()) {
                    return assertThrows(Exception.class,
                            () -> call(each, () -> http.get("http://127.0.0.1:9/stock").text()))
                            .toString();
                }
            });
            assertTrue(said.contains("GET http://127.0.0.1:9/stock"), () -> each + ": " + said);
        }
    }

    /** A combinator that hides what it was given. */
    static final class Hiding {

        private Hiding() {}

        public static <T> T once(Callable<T> body) {
            try {
                return body.call();
            } catch (Exception e) {
                throw new IllegalStateException("it failed", e);
            }
        }
    }

    @Test
    void combinatorThatHidesAStatusIsFound() {
        assertEquals(List.of(500), combinators(Hiding.class).map(CombinatorFailuresTest::statusThrough).toList());
    }
}
