package dev.heddle.process.shared;

import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.process.CannotTravelException;
import dev.heddle.process.Format;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.internal.codec.RemoteStack;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Objects of a program's own behind an interface. */
@Tag("full")
final class SharedInterfaceTest {

    private static InChildren children;

    private Manager manager;

    @BeforeAll
    static void start() {
        children = new InChildren(2);
    }

    @AfterAll
    static void end() {
        children.close();
    }

    @BeforeEach
    void open() {
        manager = Manager.open();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    interface Account {

        long deposit(long cents);

        long deposit(String words);

        void withdraw(long cents) throws IOException;

        default long depositTwice(long cents) {
            deposit(cents);
            return deposit(cents);
        }

        default long here() {
            return ProcessHandle.current().pid();
        }

        long there();

        @Nullable String echo(@Nullable String words);

        Object strange();

        void slowly(SharedEvent begun, SharedEvent end);
    }

    /** Not synchronized. */
    static final class Bank implements Account {

        private long cents;

        @Override
        public long deposit(long more) {
            long before = cents;
            cents = before + more;
            return cents;
        }

        @Override
        public long deposit(String words) {
            return deposit(words.length());
        }

        @Override
        public void withdraw(long less) throws IOException {
            if (less > cents) {
                throw new IOException("only " + cents);
            }
            cents -= less;
        }

        @Override
        public long there() {
            return ProcessHandle.current().pid();
        }

        @Override
        public @Nullable String echo(@Nullable String words) {
            return words;
        }

        @Override
        public Object strange() {
            return new Object();
        }

        @Override
        public void slowly(SharedEvent begun, SharedEvent end) {
            begun.set();
            end.await();
            deposit(1_000);
        }
    }

    @Test
    void callsOfTwoProcessesNeedNoLocks() throws Exception {
        Account account = manager.share(Account.class, new Bank());
        List<Elsewhere.Started<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            all.add(children.start(() -> {
                for (int k = 0; k < 500; k++) {
                    account.deposit(1);
                }
                return true;
            }));
        }
        for (var each : all) {
            each.get();
        }
        assertEquals(1_000, account.deposit(0));
    }

    @Test
    void abstractMethodsRunInTheManagersProcessAndDefaultMethodsInTheCallers() throws Exception {
        Account account = manager.share(Account.class, new Bank());
        long here = ProcessHandle.current().pid();
        assertEquals(here, children.call(() -> account.there()));
        assertNotEquals(here, children.call(() -> account.here()));
        assertEquals(20, children.call(() -> account.depositTwice(10)));
    }

    @Test
    void overloadsAreToldApartAndNullPasses() throws Exception {
        Account account = manager.share(Account.class, new Bank());
        assertEquals(5, children.call(() -> account.deposit("hello")));
        assertEquals(6, account.deposit(1));
        assertNull(children.call(() -> account.echo(null)));
        assertEquals("words", account.echo("words"));
    }

    @Test
    void whatItThrowsArrivesAsTheSameExceptionWithTheStackOfThereAsItsCause() throws Exception {
        Account account = manager.share(Account.class, new Bank());
        IOException e = assertThrows(IOException.class, () -> account.withdraw(1));
        assertEquals("only 0", e.getMessage());
        RemoteStack there = assertInstanceOf(RemoteStack.class, e.getCause());
        assertTrue(there.getMessage().startsWith("in manager (process "), there.getMessage());
        assertEquals("withdraw", there.getStackTrace()[0].getMethodName());
        var far = children.start(() -> {
            account.withdraw(1);
            return true;
        });
        assertEquals("only 0", assertThrows(IOException.class, far::get).getMessage());
    }

    @Test
    void resultThatCannotTravelIsSaidToBeSo() {
        Account account = manager.share(Account.class, new Bank());
        CannotTravelException e = assertThrows(CannotTravelException.class, account::strange);
        assertTrue(e.getMessage().startsWith("the result: java.lang.Object cannot travel"), e.getMessage());
        assertEquals(1, account.deposit(1));
    }

    @Test
    void methodThatWaitsLetsOthersRunAndItsArgumentsMayBeShared() throws Exception {
        Account account = manager.share(Account.class, new Bank());
        SharedEvent begun = manager.event();
        SharedEvent end = manager.event();
        var slow = children.start(() -> {
            account.slowly(begun, end);
            return true;
        });
        begun.await();
        assertEquals(1, account.deposit(1));
        end.set();
        assertTrue(slow.get());
        assertEquals(1_001, account.deposit(0));
    }

    @Test
    void equalsHashCodeAndToStringConcernTheReference() throws Exception {
        Account account = manager.share(Account.class, new Bank());
        Account other = manager.share(Account.class, new Bank());
        assertEquals(account, children.call(() -> account));
        assertEquals(account.hashCode(), children.call(() -> account).hashCode());
        assertNotEquals(account, other);
        assertFalse(account.equals(null));
        assertTrue(account.toString().startsWith("Account 1 of the manager at "), account.toString());
    }

    @Test
    void onlyAnObjectBehindAnOpenInterfaceCanBeShared() {
        assertThrows(IllegalArgumentException.class, () -> manager.share(Bank.class, new Bank()));
        assertThrows(IllegalArgumentException.class, () -> manager.share(Closed.class, new Known()));
    }

    sealed interface Closed permits Known {}

    record Known() implements Closed {}

    interface Box<T> {

        void set(T value);

        T get();
    }

    static final class BoxObject<T> implements Box<T> {

        private @Nullable T value;

        @Override
        public void set(T value) {
            this.value = value;
        }

        @Override
        public T get() {
            return value;
        }
    }

    interface TextBox extends Box<String> {

        @Override
        void set(String text);

        @Override
        String get();
    }

    static final class TextBoxObject implements TextBox {

        private String text = "";

        @Override
        public void set(String text) {
            this.text = text;
        }

        @Override
        public String get() {
            return text;
        }
    }

    @Test
    void interfaceMayBeGenericAndExtendOthers() throws Exception {
        @SuppressWarnings("unchecked")
        Box<List<String>> box = manager.share(Box.class, new BoxObject<List<String>>());
        children.call(() -> {
            box.set(List.of("a"));
            return true;
        });
        assertEquals(List.of("a"), box.get());
        TextBox text = manager.share(TextBox.class, new TextBoxObject());
        Box<String> asBox = text;
        asBox.set("b");
        assertEquals("b", children.call(() -> text.get()));
    }

    @Test
    void interfaceOfTheJdkCanBeShared() throws Exception {
        @SuppressWarnings("unchecked")
        Supplier<Long> pid = manager.share(Supplier.class, () -> ProcessHandle.current().pid());
        assertEquals(ProcessHandle.current().pid(), children.call(() -> pid.get()));
    }

    @Test
    void callOfOneSharedObjectMayCallAnother() throws Exception {
        Account account = manager.share(Account.class, new Bank());
        SharedCounter counter = manager.counter();
        Runnable both = manager.share(Runnable.class, () -> {
            sleep(Duration.ofMillis(1));
            account.deposit(counter.incrementAndGet());
        });
        children.call(() -> {
            both.run();
            both.run();
            return true;
        });
        assertEquals(3, account.deposit(0));
    }

    @Test
    void methodThatInterruptsItsOwnTaskHarmsNobodyElse() throws Exception {
        Runnable odd = manager.share(Runnable.class, () -> Thread.currentThread().interrupt());
        assertTrue(children.call(() -> {
            odd.run();
            return true;
        }));
        SharedCounter counter = manager.counter();
        assertEquals(1, children.call(() -> counter.incrementAndGet()));
    }

    @Test
    void methodOfASharedObjectCannotCloseItsManager() {
        Runnable closing = manager.share(Runnable.class, () -> manager.close());
        assertThrows(IllegalStateException.class, closing::run);
        assertFalse(manager.isClosed());
        assertEquals(1, manager.counter().incrementAndGet());
    }

    /** Cannot travel by itself. */
    static final class Money {

        final long cents;

        Money(long cents) {
            this.cents = cents;
        }
    }

    /** Lets it travel. */
    public static final class MoneyFormat implements Format<Money> {

        @Override
        public Class<Money> type() {
            return Money.class;
        }

        @Override
        public Object pack(Money money) {
            return money.cents;
        }

        @Override
        public Money unpack(Object packed) {
            return new Money((Long) packed);
        }
    }

    @Test
    void formatsOfAManagerHoldInEachProcess() throws Exception {
        try (Manager rich = Manager.open(ManagerOptions.DEFAULT.withFormat(MoneyFormat.class))) {
            SharedQueue<Money> queue = rich.queue(2);
            queue.put(new Money(5));
            children.call(() -> {
                queue.put(new Money(queue.take().cents + 1));
                return true;
            });
            assertEquals(6, queue.take().cents);
        }
    }

    @Test
    void processHandsWhatItWasGivenOnToItsOwnChildren() throws Exception {
        SharedCounter counter = manager.counter();
        assertEquals(1, children.call(() -> {
            try (ProcessPool grandChildren = ProcessPool.of(InChildren.QUIET.withWorkers(1))) {
                return grandChildren.call(() -> counter.incrementAndGet());
            }
        }));
        assertEquals(1, counter.get());
    }

    @Test
    void childMayHaveAManagerOfItsOwnAndGiveWhatItSharesToItsParent() throws Exception {
        SharedEvent end = manager.event();
        SharedQueue<SharedQueue<String>> introduction = manager.queue(1);
        var child = children.start(() -> {
            try (Manager own = Manager.open()) {
                SharedQueue<String> queue = own.queue(1);
                introduction.put(queue);
                String answer = queue.take();
                end.await();
                return answer;
            }
        });
        SharedQueue<String> theirs = introduction.take();
        theirs.put("hello");
        end.set();
        assertEquals("hello", child.get());
        assertThrows(dev.heddle.ClosedException.class, theirs::tryTake);
    }
}
