package dev.heddle.generators;

import dev.heddle.CancelScope;
import dev.heddle.internal.Throwables;
import org.jspecify.annotations.Nullable;

/**
 * The coroutines of one task or thread: which one runs, and what passes between them.
 *
 * <p>Only the root, the code of the task itself, resumes others. A coroutine that switches to another one writes down
 * where to go and suspends itself; the root then resumes that one. So a switch costs one suspend and one resume, and no
 * stack grows.
 */
final class Coroutines {

    private final OpenGenerators owner;
    final Coroutine<?> root;
    private Coroutine<?> current;

    /** Where to go, and what to hand over there: a value, or something to throw. */
    private Coroutine<?> next;

    private @Nullable Object value;
    private @Nullable Throwable thrown;

    /** The cancel scope in which the root waits for the others, and they run. */
    private @Nullable CancelScope scope;

    Coroutines(OpenGenerators owner) {
        this.owner = owner;
        this.root = new Coroutine<>(this);
        this.current = root;
        this.next = root;
    }

    Coroutine<?> current() {
        return current;
    }

    OpenGenerators owner() {
        return owner;
    }

    /**
     * Goes on in another coroutine, until somebody switches back to this one.
     *
     * @return what is then handed over
     */
    @Nullable Object switchTo(Coroutine<?> target, @Nullable Object with, @Nullable Throwable throwing) {
        Coroutine<?> from = current;
        if (from != root) {
            owner.requireScope(scope, "switch");
        }
        pass(target, with, throwing);
        InPlace inPlace = owner.inPlace;
        if (from == root) {
            runOthers();
        } else if (next != from && !from.suspend()) {
            next = from;
            value = null;
            thrown = null;
            throw new IllegalStateException("cannot switch here: " + from.obstacle());
        }
        owner.inPlace = inPlace;
        return take();
    }

    /** Notes who is to run next. The dead pass on to their parents, and so do those that fail before they begin. */
    void pass(Coroutine<?> target, @Nullable Object with, @Nullable Throwable throwing) {
        Coroutine<?> living = target;
        while (living.isDead() || (throwing != null && !living.hasBegun())) {
            living.endUnbegun();
            living = living.heir();
        }
        if (!living.hasBegun()) {
            living.begin(); // here, so that it sees what the caller has bound
        }
        next = living;
        value = with;
        thrown = throwing;
    }

    /** What was handed over to the coroutine that runs now. */
    @Nullable Object take() {
        Object with = value;
        Throwable throwing = thrown;
        value = null;
        if (throwing != null) {
            thrown = null;
            throw Throwables.unchecked(throwing);
        }
        return with;
    }

    private void runOthers() {
        scope = owner.scope();
        while (next != root) {
            current = next;
            owner.inPlace = null; // what runs in a coroutine is suspended with it
            next.resume();
        }
        current = root;
    }
}
