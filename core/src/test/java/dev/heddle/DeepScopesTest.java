package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Scopes nest as deep as the stack allows. The stack of a task is that of its loop's thread, and of a waiting task what the JDK
 * can keep on the heap in one piece; beyond that a {@link StackOverflowError} ends the task, and no other.
 */
class DeepScopesTest {

    private static final int DEEP = 10_000;
    private static final int ON_ANY_STACK = 200;

    private int reached;
    private int left;

    @Test
    void scopesNestDeeply() {
        ManualEngine.run(() -> nestScopes(ON_ANY_STACK));
        assertEquals(ON_ANY_STACK, left);
    }

    @Test
    void groupsNestDeeply() {
        ManualEngine.run(() -> nestGroups(ON_ANY_STACK));
        assertEquals(ON_ANY_STACK, left);
    }

    @Test
    void whatNestsTooDeeplyFailsWithoutHarmToTheLoop() {
        ManualEngine.run(() -> {
            for (Action body : List.<Action>of(() -> nestScopes(DEEP), () -> nestEmptyGroups(DEEP))) {
                Task<Void> task = spawn(body);
                try {
                    task.join();
                } catch (StackOverflowError e) {
                    assertSame(Task.State.FAILED, task.state());
                }
                assertEquals("fine", spawn(() -> {
                    sleep(ofSeconds(1));
                    return "fine";
                }).join());
            }
        });
    }

    @Test
    void tasksOfTasksNestDeeplyAndAreCancelledToTheLast() {
        ManualEngine.run(() -> {
            assertFalse(moveOnAfter(ofSeconds(1), () -> group(g -> {
                g.spawn(() -> nestTasks(DEEP));
            })));
        });
        assertEquals(DEEP, reached);
        assertEquals(DEEP, left);
    }

    @Test
    void cancelOfTheOutermostOfManyScopesEndsThemAll() {
        ManualEngine.run(() -> {
            assertFalse(moveOnAfter(ofSeconds(1), () -> nestScopes(ON_ANY_STACK, () -> sleep(ofHours(1)))));
            checkpoint();
        });
        assertEquals(ON_ANY_STACK, left);
    }

    @Test
    void overflowOfTheUsersStackIsAnErrorOfThatTaskOnly() {
        ManualEngine.run(() -> {
            Task<Integer> endless = spawn(() -> recurse(0));
            assertThrows(StackOverflowError.class, endless::join);
            Task<Integer> inScopes = spawn(() -> recurseInScopes(0));
            assertThrows(StackOverflowError.class, inScopes::join);
            sleep(ofSeconds(1));
        });
    }

    private void nestScopes(int depth) {
        nestScopes(depth, Heddle::checkpoint);
    }

    private void nestScopes(int depth, Action innermost) {
        moveOnAfter(ofHours(1), () -> {
            try {
                if (depth > 1) {
                    nestScopes(depth - 1, innermost);
                } else {
                    innermost.run();
                }
            } finally {
                left++;
            }
        });
    }

    private void nestGroups(int depth) {
        group(g -> {
            g.spawn(Heddle::checkpoint);
            if (depth > 1) {
                nestGroups(depth - 1);
            }
            left++;
        });
    }

    private static void nestEmptyGroups(int depth) {
        group(g -> {
            if (depth > 1) {
                nestEmptyGroups(depth - 1);
            }
            checkpoint();
        });
    }

    private void nestTasks(int depth) {
        reached++;
        try {
            group(g -> {
                if (depth > 1) {
                    g.spawn(() -> nestTasks(depth - 1));
                }
                sleep(ofHours(1));
            });
        } finally {
            left++;
        }
    }

    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    private static int recurseInScopes(int depth) {
        return Heddle.<Integer>shield(() -> recurseInScopes(depth + 1)) + 1;
    }
}
