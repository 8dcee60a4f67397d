// A loop that lives in the event queue of a user interface: its tasks and the window's events take turns on one thread.
// Answers the Python programs: Trio's guest mode under Tk, asyncio inside Qt.

import static dev.heddle.Heddle.*;

import dev.heddle.Config;
import dev.heddle.Loop;
import java.awt.EventQueue;
import javax.swing.DefaultListModel;

void main() throws Exception {
    System.setProperty("java.awt.headless", "true"); // works without a screen too
    var shown = new DefaultListModel<String>(); // for the event queue's thread only, and so without a lock
    try (var loop = Loop.guest(Config.DEFAULT, EventQueue::invokeLater)) {
        var countdown = loop.spawn(() -> {
            EventQueue.invokeLater(() -> shown.addElement("an event of the window")); // its turn comes when the task waits
            for (int left = 3; left > 0; left--) {
                shown.addElement(left + " ...");
                sleep(Duration.ofMillis(100));
            }
        });
        countdown.join();
        EventQueue.invokeAndWait(() -> shown.addElement("all on " + Thread.currentThread().getName()));
    }
    EventQueue.invokeAndWait(() -> shown.elements().asIterator().forEachRemaining(IO::println));
}
