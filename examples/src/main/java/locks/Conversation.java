// Two speak in turn. Each waits until the other has spoken, so it does not matter who comes first.
// Answers Threads, processes, coroutines, asyncio, program 8: two threads and a Condition.

import static dev.heddle.Heddle.*;

import dev.heddle.sync.Condition;
import dev.heddle.sync.Mutex;

final Mutex mutex = Mutex.create();
final Condition spoken = mutex.newCondition();
String next = "Tmall Genie";

void main() {
    run(this::talk);
}

void talk() {
    gather(
            () -> say("Xiao Ai", "Tmall Genie", "Here.", "Oh yes."),
            () -> say("Tmall Genie", "Xiao Ai", "Xiao Ai!", "Let us recite poems."));
}

void say(String me, String other, String... lines) {
    for (String line : lines) {
        mutex.run(() -> {
            spoken.awaitUntil(() -> next.equals(me));
            IO.println(me + ": " + line);
            next = other;
            spoken.signal();
        });
    }
}
