//! The release binary in a real window: load the sample, type, edit, see the change in the file, and then nothing; and a
//! trial that ends while nobody touches anything.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr
)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A display, and the program on it.
struct Screen {
    display: String,
    folder: tempfile::TempDir,
    children: Vec<Child>,
}

impl Drop for Screen {
    fn drop(&mut self) {
        for child in self.children.iter_mut().rev() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Screen {
    /// The program on a display of its own; `arguments` come from a folder that is made before.
    fn start(binary: &Path, folder: tempfile::TempDir, arguments: &[&Path]) -> Self {
        // The server picks a display that is free, and says which. Without `-noreset` it would start anew whenever its last
        // client leaves, and throw out a program that is just coming.
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        let display = format!(":{}", number.trim());
        let mut screen = Self { display, folder, children: vec![server] };
        screen.wait_until("the display answers", |s| s.xdotool(&["getdisplaygeometry"]).is_some());
        let said = std::fs::File::create(screen.folder.path().join("said")).unwrap();
        let child = Command::new(binary)
            .args(arguments)
            .env_remove("WAYLAND_DISPLAY")
            .env("DISPLAY", &screen.display)
            .env("XDG_DATA_HOME", screen.folder.path().join("data"))
            .env("XDG_CONFIG_HOME", screen.folder.path().join("config"))
            .env("TENURE_KEYS", "folder")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("TENURE_FRAME_LOG", screen.frame_log())
            .stderr(said)
            .spawn()
            .unwrap();
        screen.children.push(child);
        screen.wait_until("the window stands", |s| {
            s.xdotool(&["search", "--onlyvisible", "--name", "^Tenure"]).is_some_and(|out| !out.is_empty())
        });
        screen.wait_until("the first frame is drawn", |s| s.frames() > 1);
        let window = screen.xdotool(&["search", "--onlyvisible", "--name", "^Tenure"]).unwrap();
        let window = window.lines().next().unwrap().to_owned();
        screen.xdotool(&["windowfocus", "--sync", &window]);
        sleep(Duration::from_millis(500));
        screen
    }

    fn frame_log(&self) -> PathBuf {
        self.folder.path().join("frames")
    }

    fn frames(&self) -> usize {
        std::fs::read_to_string(self.frame_log()).map_or(0, |text| text.lines().count())
    }

    fn registry(&self) -> PathBuf {
        self.folder.path().join("data/tenure/sample.tenure")
    }

    fn xdotool(&self, arguments: &[&str]) -> Option<String> {
        let output = Command::new("xdotool").env("DISPLAY", &self.display).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    fn key(&self, key: &str) {
        self.xdotool(&["key", key]).expect("a key is pressed");
        sleep(Duration::from_millis(400));
    }

    fn click(&self, x: u32, y: u32) {
        self.xdotool(&["mousemove", &x.to_string(), &y.to_string(), "click", "1"])
            .expect("the mouse is pressed");
        sleep(Duration::from_millis(400));
    }

    fn write(&self, text: &str) {
        self.xdotool(&["type", "--delay", "40", text]).expect("a text is typed");
        sleep(Duration::from_millis(400));
    }

    /// What a part of the screen shows, as bytes.
    fn picture(&self, part: &str) -> Vec<u8> {
        let output = Command::new("import")
            .env("DISPLAY", &self.display)
            .args(["-window", "root", "-crop", part, "+repage", "rgb:-"])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    fn wait_until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(40) {
            if holds(self) {
                return;
            }
            sleep(Duration::from_millis(100));
        }
        let said = std::fs::read_to_string(self.folder.path().join("said")).unwrap_or_default();
        panic!("waited in vain until {what}; the program says: {said}");
    }
}

fn ask(binary: &Path, registry: &Path, arguments: &[&str]) -> String {
    let output = Command::new(binary).arg("--registry").arg(registry).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn is_here(program: &str) -> bool {
    Command::new(program).arg("-version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// The program, where there are the tools to look at it.
fn binary() -> Option<PathBuf> {
    if !["Xvfb", "xdotool", "import"].into_iter().all(is_here) {
        assert!(std::env::var_os("CI").is_none(), "Xvfb, xdotool and import are needed here");
        eprintln!("not run: Xvfb, xdotool or import is missing; tests/run installs them as root");
        return None;
    }
    let named = std::env::var_os("TENURE_BINARY").map(PathBuf::from);
    Some(named.unwrap_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_tenure"))))
}

/// Seconds since 1970.
fn clock() -> f64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64()
}

#[test]
fn a_trial_that_ends_is_seen_to_end_in_that_second_and_no_frame_is_drawn_before() {
    let Some(binary) = binary() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trials.tenure");
    let registry = file.clone();
    let made = Command::new(&binary).arg("sample").arg(&file).stdout(Stdio::null()).status().unwrap();
    assert!(made.success());
    let screen = Screen::start(&binary, folder, &[Path::new("gui"), &file]);
    // Only what has ended is shown, so that no countdown ticks on the screen.
    screen.click(400, 66);
    screen.write("status:ended capped");
    screen.key("Escape");
    screen.key("Escape");
    let end = clock().floor() + 12.0;
    ask(&binary, &registry, &["app", "set", "capped", "--expires-at", "now+12s"]);
    screen.xdotool(&["mousemove", "640", "700"]);
    let rows = "780x200+170+165";
    sleep(Duration::from_secs_f64((end - 5.0 - clock()).max(0.0)));
    let (frames, empty) = (screen.frames(), screen.picture(rows));
    sleep(Duration::from_secs_f64((end - 1.0 - clock()).max(0.0)));
    assert_eq!(screen.frames(), frames, "nothing is drawn while nothing changes");
    assert!(screen.picture(rows) == empty, "it has not ended yet");
    // The end lies within the second after the one in which it was set.
    sleep(Duration::from_secs_f64((end + 2.0 - clock()).max(0.0)));
    assert!(screen.frames() > frames, "the window wakes by itself");
    assert!(screen.picture(rows) != empty, "and shows that the trial has ended");
}

#[test]
fn the_release_binary_loads_the_sample_takes_an_edit_and_then_draws_nothing() {
    let Some(binary) = binary() else { return };
    let screen = Screen::start(&binary, tempfile::tempdir().unwrap(), &[]);
    screen.key("Return");
    screen.wait_until("the sample is on disk", |s| s.registry().exists());
    sleep(Duration::from_secs(1));

    // Click into the filter, type, go to the only row, extend it by the chip in the inspector.
    screen.click(400, 66);
    screen.write("acme-trial");
    screen.key("Down");
    let before = ask(&binary, &screen.registry(), &["app", "show", "acme-trial", "--json"]);
    screen.click(1045, 231);
    screen.wait_until("the edit is in the history of the file", |s| {
        ask(&binary, &s.registry(), &["history", "--json"]).contains("Extend Acme by 7 d")
    });
    assert_ne!(ask(&binary, &screen.registry(), &["app", "show", "acme-trial", "--json"]), before);

    // What follows the edit may still be drawn; then nothing moves.
    screen.xdotool(&["mousemove", "640", "700"]);
    sleep(Duration::from_secs(3));
    let frames = screen.frames();
    sleep(Duration::from_secs(10));
    assert_eq!(screen.frames(), frames, "no frame is drawn while nothing moves");
}
