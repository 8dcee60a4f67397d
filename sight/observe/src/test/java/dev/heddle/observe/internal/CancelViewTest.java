package dev.heddle.observe.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.Waiter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The one thing that tools may do, where the program allows it. */
final class CancelViewTest {

    private static final String SWITCH = "heddle.observe";

    private final Loop one = Loop.start(Config.DEFAULT.withName("one"));
    private final Loop two = Loop.start(Config.DEFAULT.withName("two"));

    @BeforeEach
    void allowActs() {
        System.setProperty(SWITCH, "acts");
    }

    @AfterEach
    void close() {
        System.clearProperty(SWITCH);
        one.close();
        two.close();
    }

    private static Task<?> waitingOn(Loop loop) {
        return loop.spawn(() -> new Waiter("a sign").await());
    }

    private static String answer(String request) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (View view = new CancelView()) {
            view.write(ViewRequest.parse(request), new JsonLines(bytes));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String refusal(String request) {
        return assertThrows(BadRequestException.class, () -> answer(request), request).getMessage();
    }

    @Test
    void taskIsCancelledForTheReasonThatIsGiven() throws IOException {
        Task<?> task = waitingOn(one);

        assertEquals(
                "{\"kind\":\"cancelled\",\"loop\":\"one\",\"task\":1,\"name\":\"task-1\"}\n",
                answer("cancel task=1 reason=too%20slow"));
        CancellationException end = assertThrows(
                CancellationException.class, () -> task.toCompletableFuture().join());
        assertTrue(end.toString().contains("too slow") || end.getCause().toString().contains("too slow"),
                end.toString());
    }

    @Test
    void programThatDoesNotAllowActsOnlyLooks() {
        Task<?> task = waitingOn(one);
        for (String setting : new String[]{"on", ""}) {
            System.setProperty(SWITCH, setting);
            assertTrue(refusal("cancel task=1").contains("may only be looked at"));
        }
        assertFalse(task.isDone());
    }

    @Test
    void numberThatSeveralLoopsHaveNeedsTheLoopsName() throws IOException {
        waitingOn(one);
        Task<?> other = waitingOn(two);

        assertEquals("several loops have a task 1: name one of one, two", refusal("cancel task=1"));
        assertTrue(answer("cancel loop=two task=1").contains("\"loop\":\"two\""));
        assertThrows(CancellationException.class, () -> other.toCompletableFuture().join());
    }

    @Test
    void taskOrLoopThatIsNotThereIsNamed() {
        assertEquals("there is no task 77: it has ended, or its loop does not answer", refusal("cancel task=77"));
        assertEquals("there is no loop three", refusal("cancel loop=three task=1"));
        assertEquals("task is a number from 1 to 9223372036854775807", refusal("cancel task=-1"));
        assertEquals("it needs the number of a task", refusal("cancel"));
    }
}
