package dev.heddle.sim.programs;

import dev.heddle.conformance.PlantedBug;
import java.nio.file.Path;
import java.util.List;

/** Bugs in the heart of Heddle that random programs are to find. */
final class ProgramBugs {

    private static final Path SOURCES = Path.of("..", "..", "kernel", "core", "src", "main", "java");

    /** Each kind of loss that the model should see. */
    static final List<PlantedBug> ALL = List.of(
            bug(
                    "lost wake-up: an event wakes only the first of those who wait",
                    "sync/Event.java",
                    "waiting.wakeAll();",
                    "waiting.wakeFirst();"),
            bug(
                    "swallowed cancel: a scope that is cancelled itself swallows a cancel from outside",
                    "CancelScope.java",
                    "if (isCancelledFromOutside()) {",
                    "if (isCancelledFromOutside() && !isCancelled()) {"),
            bug(
                    "unreleased token: a body that fails keeps what it had acquired",
                    "sync/Permits.java",
                    "                release();\n            } catch",
                    "                Objects.requireNonNull(e);\n            } catch"),
            bug(
                    "kept token: that of a named borrower comes back from nobody but the task that asked for it",
                    "sync/ConcurrencyLimiter.java",
                    "if (loan == null || !loan.lent) {",
                    "if (loan == null || !loan.lent || loan.thread != Thread.currentThread()) {"),
            bug(
                    "doubled element: what is handed to a waiting receiver stays in the buffer",
                    "sync/ChannelState.java",
                    "                taken++;\n                return true;",
                    "                if (capacity > 0) {\n                    buffer.add(element);\n                }\n"
                            + "                return true;"),
            bug(
                    "lost element: a cancel throws away what was handed to a waiting call",
                    "Waiter.java",
                    "                awaitOn(task);\n            }\n",
                    "                awaitOn(task);\n            }\n            task.throwIfCancelled();\n"),
            bug(
                    "child outlives its group: a group whose body was cancelled does not wait for its tasks",
                    "TaskGroup.java",
                    "        awaitTasks();\n        stopServices();\n        closed = true;",
                    "        if (cancelled == null) {\n            awaitTasks();\n        }\n        stopServices();\n"
                            + "        closed = true;"),
            bug(
                    "lost failure: a group keeps its first failure only",
                    "TaskGroup.java",
                    "        failures.add(failure);\n",
                    "        if (failures.isEmpty()) {\n            failures.add(failure);\n        }\n"),
            bug(
                    "forgotten deadline: one inside another is not set",
                    "CancelScope.java",
                    "if (!isCancelled()) {\n            deadline =",
                    "if (!isCancelled() && (parent == null || !parent.hasDeadline())) {\n            deadline ="),
            bug(
                    "broken order: permits go to who came last",
                    "internal/WaitLine.java",
                    "for (C head = first; head != null; head = first) {",
                    "for (C head = last; head != null; head = last) {"),
            bug(
                    "leaking shield: a cancel that comes later goes through a shield",
                    "CancelScope.java",
                    "next.shield || next.cancel",
                    "next.cancel"),
            bug(
                    "untold failure: what a task leaves unjoined when its owner ends is dropped",
                    "TaskGroup.java",
                    "note : List.copyOf(unseen)",
                    "note : List.<UnretrievedFailure>of()"),
            bug(
                    "foreign interrupt: an exception by itself is taken for the interrupt of a task",
                    "Task.java",
                    "return (interrupted || Thread.currentThread().isInterrupted()) && Cancellation",
                    "return Cancellation"),
            bug(
                    "deaf wait: an interrupt by somebody else wakes a task and is forgotten",
                    "Task.java",
                    "            root().cancelHere(INTERRUPTED);",
                    "            Objects.requireNonNull(INTERRUPTED);"),
            bug(
                    "careless look: a cause that cannot be read brings the loop down",
                    "internal/Cancellation.java",
                    "link = Throwables.cause(link);",
                    "link = link.getCause();"),
            bug(
                    "looking is being told: a failure whose state was seen is not reported",
                    "Task.java",
                    "        return STATES[state];",
                    "        failureSeen |= STATES[state] == State.FAILED;\n        return STATES[state];"),
            bug(
                    "forgotten call: a cancelled send stays in line",
                    "sync/WaitList.java",
                    "            if (!decided) {",
                    "            if (!decided && limit != null) {"),
            bug(
                    "kept turn: a cancelled send to a broadcast does not let the next one have its turn",
                    "sync/Broadcast.java",
                    "        } finally {\n            turn.tryReceive(null);\n        }",
                    "        } catch (ClosedException e) {\n            turn.tryReceive(null);\n            throw e;\n"
                            + "        }\n        turn.tryReceive(null);"),
            bug(
                    "impatient supervisor: its back-off does not grow",
                    "Supervision.java",
                    "delay(++inRow)",
                    "delay(1)"));

    /** Its own programs until one finds it. */
    record Found(long programs, String smallest) {}

    private ProgramBugs() {}

    /** @param source the file, below {@code dev/heddle} */
    private static PlantedBug bug(String words, String source, String right, String wrong) {
        return new PlantedBug(words, SOURCES, "dev/heddle/" + source, right, wrong);
    }

    /** Searches in a copy of all of Heddle that has a bug. */
    static Found find(PlantedBug bug, long most) throws Exception {
        var hunt = bug.plantBehind(ProgramSearch.class).getDeclaredMethod("hunt", long.class);
        hunt.setAccessible(true);
        String[] found = (String[]) hunt.invoke(null, most);
        if (found.length == 0) {
            throw new AssertionError(most + " programs did not find: " + bug.words());
        }
        return new Found(Long.parseLong(found[0]), found[1]);
    }
}
