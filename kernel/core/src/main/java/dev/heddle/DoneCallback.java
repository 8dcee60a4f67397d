package dev.heddle;

import dev.heddle.internal.loop.EndListener;
import java.util.function.Consumer;

/** A callback that becomes ready at the end of a task or a promise. */
final class DoneCallback implements EndListener {

    final LoopCallback handle;

    /** @param remove forgets this listener when the callback is taken back; called on the loop */
    DoneCallback(Loop loop, Runnable callback, Consumer<EndListener> remove) {
        handle = new LoopCallback(loop, callback, () -> remove.accept(this));
    }

    @Override
    public void ended() {
        handle.schedule();
    }

    @Override
    public boolean isForgotten() {
        return handle.isDone();
    }
}
