package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Scopes nest up to a limit, tasks without one. A task whose own code fills its stack, which is that of its loop's
 * thread, fails with a {@link StackOverflowError}, and no other does.
 */
final class DeepScopesTest {

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
    void scopesBeyondTheLimitAreRefusedInWordsAndHarmNobody() {
        ManualEngine.run(() -> {
            for (Action body : List.<Action>of(() -> nestScopes(DEEP), () -> nestGroups(DEEP))) {
                IllegalStateException thrown = innermost(assertThrows(RuntimeException.class, spawn(body)::join));
                assertTrue(thrown.getMessage().startsWith("more than 250 scopes and groups inside each other"));
                assertEquals("fine", spawn(() -> {
                    sleep(ofSeconds(1));
                    return "fine";
                }).join());
                assertEquals(1, currentLoop().allTasks().size());
            }
        });
    }

    private static IllegalStateException innermost(RuntimeException thrown) {
        RuntimeException at = thrown;
        while (at instanceof GroupException group) {
            at = (RuntimeException) group.failures().getFirst();
        }
        return assertInstanceOf(IllegalStateException.class, at);
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
            assertThrows(IllegalStateException.class, inScopes::join);
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
