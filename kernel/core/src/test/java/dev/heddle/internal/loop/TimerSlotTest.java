package dev.heddle.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A slot of the wheel gives its timers as they came, whatever has left in between. */
final class TimerSlotTest {

    private final TimerSlot slot = new TimerSlot();

    @Test
    void timersComeOutAsTheyWentIn() {
        List<Timer> set = add(100);
        assertEquals(set, takeAll());
        assertEquals(0, slot.size());
    }

    @Test
    void timersThatHaveLeftAreLeftOut() {
        List<Timer> set = add(100);
        for (int i = 98; i >= 0; i -= 2) {
            slot.remove(set.remove(i));
        }
        assertEquals(50, slot.size());
        assertEquals(set, takeAll());
    }

    @Test
    void emptiedSlotHoldsNoTimer() {
        var gone = new WeakReference<>(add(1000).getFirst());
        takeAll();
        for (int i = 0; i < 50 && gone.get() != null; i++) {
            System.gc();
        }
        assertNull(gone.get());
    }

    @Test
    void nearestIsFoundAmongHoles() {
        List<Timer> set = add(10);
        for (int i = 0; i < 10; i++) {
            set.get(i).deadlineNanos = 100 - i;
        }
        slot.remove(set.get(9));
        slot.remove(set.get(0));
        assertEquals(42, slot.leastDistance(50));
    }

    @Test
    void anyUseAgreesWithAList() {
        for (long seed = 0; seed < 200; seed++) {
            var random = new SplittableRandom(seed);
            List<Timer> model = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                boolean grows = i / 300 % 2 == 0;
                if (random.nextInt(10) < (grows ? 7 : 2)) {
                    model.addAll(add(1));
                } else if (random.nextInt(4) == 0) {
                    assertSame(model.isEmpty() ? null : model.removeFirst(), slot.takeFirst());
                } else if (!model.isEmpty()) {
                    slot.remove(model.remove(random.nextInt(model.size())));
                }
                assertEquals(model.size(), slot.size());
            }
            assertEquals(model, takeAll());
        }
    }

    private List<Timer> add(int timers) {
        List<Timer> added = new ArrayList<>();
        for (int i = 0; i < timers; i++) {
            Timer timer = new Quiet();
            slot.add(timer);
            added.add(timer);
        }
        return added;
    }

    private List<Timer> takeAll() {
        List<Timer> taken = new ArrayList<>();
        for (Timer first = slot.takeFirst(); first != null; first = slot.takeFirst()) {
            taken.add(first);
        }
        return taken;
    }

    private static final class Quiet extends Timer {
        @Override
        public void fire() {}
    }
}
