//! Colours, sizes and fonts, from the one file of design tokens; nothing else in the program names any.

use egui::{
    Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Id, Margin, Stroke,
    TextStyle, Visuals, style::WidgetVisuals, vec2,
};
use serde::Deserialize;
use std::sync::{Arc, LazyLock};

const TOKENS: &str = include_str!("../../assets/design/tokens.json");

/// The colours of one theme, by the names of the design tokens.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "std::collections::HashMap<String, String>")]
#[expect(missing_docs, reason = "the names are the design tokens', which say what they are")]
pub struct Colours {
    pub bg: Color32,
    pub surface: Color32,
    pub surface_2: Color32,
    pub border: Color32,
    pub text: Color32,
    pub text_2: Color32,
    pub text_3: Color32,
    pub accent: Color32,
    pub accent_soft: Color32,
    pub on_accent: Color32,
    pub active: Color32,
    pub ending: Color32,
    pub ending_soft: Color32,
    pub ended: Color32,
    pub suspended: Color32,
    pub scheduled: Color32,
    pub denied: Color32,
    pub denied_soft: Color32,
    pub overrun: Color32,
    pub overrun_soft: Color32,
    pub development: Color32,
    pub staging: Color32,
    pub production: Color32,
}

impl From<std::collections::HashMap<String, String>> for Colours {
    fn from(map: std::collections::HashMap<String, String>) -> Self {
        // A token that is missing shows as pure magenta: a test finds it before a person does.
        let of = |name: &str| {
            map.get(name)
                .and_then(|hex| Color32::from_hex(hex).ok())
                .unwrap_or(Color32::from_rgb(255, 0, 255))
        };
        Self {
            bg: of("bg"),
            surface: of("surface"),
            surface_2: of("surface_2"),
            border: of("border"),
            text: of("text"),
            text_2: of("text_2"),
            text_3: of("text_3"),
            accent: of("accent"),
            accent_soft: of("accent_soft"),
            on_accent: of("on_accent"),
            active: of("active"),
            ending: of("ending"),
            ending_soft: of("ending_soft"),
            ended: of("ended"),
            suspended: of("suspended"),
            scheduled: of("scheduled"),
            denied: of("denied"),
            denied_soft: of("denied_soft"),
            overrun: of("overrun"),
            overrun_soft: of("overrun_soft"),
            development: of("development"),
            staging: of("staging"),
            production: of("production"),
        }
    }
}

#[derive(Debug, Deserialize)]
struct Tokens {
    font: Font,
    radius: Radius,
    row_height: Rows,
    control_height: f32,
    rail_width: f32,
    rail_narrow: f32,
    inspector_width: f32,
    top_bar: f32,
    status_line: f32,
    light: Colours,
    dark: Colours,
}

#[derive(Debug, Deserialize)]
struct Font {
    size: Sizes,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Sizes {
    small: f32,
    body: f32,
    title: f32,
    answer: f32,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Radius {
    control: u8,
    card: u8,
    bar: u8,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Rows {
    table: f32,
    dense: f32,
}

static SOURCE: LazyLock<Option<Tokens>> = LazyLock::new(|| serde_json::from_str(TOKENS).ok());

/// The theme in force.
#[derive(Debug, Clone)]
pub struct Theme {
    /// The colours.
    pub colours: Colours,
    /// Dark, else light.
    pub dark: bool,
    /// Of buttons and fields, in points.
    pub control_height: f32,
    /// Of a table's row.
    pub row: f32,
    /// Of a dense row.
    pub dense_row: f32,
    /// Of the rail at the left.
    pub rail_width: f32,
    /// Of the rail where there is only room for its signs.
    pub rail_narrow: f32,
    /// Of the inspector at the right.
    pub inspector_width: f32,
    /// Of the bar at the top.
    pub top_bar: f32,
    /// Of the line at the bottom.
    pub status_line: f32,
    /// Of buttons and fields.
    pub radius: CornerRadius,
    /// Of cards.
    pub card_radius: CornerRadius,
    /// Of bars in charts.
    pub bar_radius: CornerRadius,
    small: f32,
    body: f32,
    title: f32,
    answer: f32,
}

impl Theme {
    fn new(dark: bool) -> Option<Self> {
        let tokens = SOURCE.as_ref()?;
        let size = tokens.font.size;
        Some(Self {
            colours: if dark { tokens.dark.clone() } else { tokens.light.clone() },
            dark,
            control_height: tokens.control_height,
            row: tokens.row_height.table,
            dense_row: tokens.row_height.dense,
            rail_width: tokens.rail_width,
            rail_narrow: tokens.rail_narrow,
            inspector_width: tokens.inspector_width,
            top_bar: tokens.top_bar,
            status_line: tokens.status_line,
            radius: CornerRadius::same(tokens.radius.control),
            card_radius: CornerRadius::same(tokens.radius.card),
            bar_radius: CornerRadius::same(tokens.radius.bar),
            small: size.small,
            body: size.body,
            title: size.title,
            answer: size.answer,
        })
    }

    /// The theme in force.
    #[must_use]
    pub fn of(ctx: &Context) -> Arc<Self> {
        static LIGHT: LazyLock<Option<Arc<Theme>>> = LazyLock::new(|| Theme::new(false).map(Arc::new));
        static DARK: LazyLock<Option<Arc<Theme>>> = LazyLock::new(|| Theme::new(true).map(Arc::new));
        let dark = ctx.data(|data| data.get_temp::<bool>(Id::unique("dark"))).unwrap_or_default();
        let theme = if dark { &DARK } else { &LIGHT };
        #[expect(clippy::expect_used, reason = "the tokens are compiled in, and a test reads them")]
        (**theme).clone().expect("the design tokens are readable")
    }

    /// Small text: labels, notes.
    #[must_use]
    pub fn small(&self) -> FontId {
        FontId::new(self.small, FontFamily::Proportional)
    }

    /// Text.
    #[must_use]
    pub fn body(&self) -> FontId {
        FontId::new(self.body, FontFamily::Proportional)
    }

    /// Heads of columns and sections.
    #[must_use]
    pub fn small_strong(&self) -> FontId {
        FontId::new(self.small, strong_family())
    }

    /// What stands out in a line.
    #[must_use]
    pub fn strong(&self) -> FontId {
        FontId::new(self.body, strong_family())
    }

    /// The name of a screen or entity.
    #[must_use]
    pub fn title(&self) -> FontId {
        FontId::new(self.title, strong_family())
    }

    /// A lifetime that answers a question.
    #[must_use]
    pub fn answer(&self) -> FontId {
        FontId::new(self.answer, strong_family())
    }

    /// The same where there is less room.
    #[must_use]
    pub fn answer_small(&self) -> FontId {
        FontId::new((self.answer * 0.7).round(), strong_family())
    }

    /// Ids and tokens.
    #[must_use]
    pub fn mono(&self) -> FontId {
        FontId::new(self.body - 1.0, FontFamily::Monospace)
    }

    /// A line between things.
    #[must_use]
    pub fn hairline(&self) -> Stroke {
        Stroke::new(1.0, self.colours.border)
    }
}

fn strong_family() -> FontFamily {
    FontFamily::Name("strong".into())
}

/// Dresses the window.
pub fn apply(ctx: &Context, dark: bool) {
    let Some(theme) = Theme::new(dark) else { return };
    let first = ctx.data_mut(|data| {
        let first = data.get_temp::<bool>(Id::unique("dark")).is_none();
        data.insert_temp(Id::unique("dark"), dark);
        first
    });
    if first {
        ctx.set_fonts(fonts());
    }
    ctx.set_theme(if dark { egui::Theme::Dark } else { egui::Theme::Light });
    ctx.all_styles_mut(|style| {
        style.visuals = visuals(&theme);
        style.text_styles = [
            (TextStyle::Small, theme.small()),
            (TextStyle::Body, theme.body()),
            (TextStyle::Button, theme.body()),
            (TextStyle::Heading, theme.title()),
            (TextStyle::Monospace, theme.mono()),
        ]
        .into();
        style.spacing.item_spacing = vec2(8.0, 6.0);
        style.spacing.button_padding = vec2(11.0, 5.0);
        style.spacing.interact_size.y = theme.control_height;
        style.spacing.menu_margin = Margin::same(6);
        style.spacing.scroll = egui::style::ScrollStyle::thin();
        style.interaction.selectable_labels = false;
        style.interaction.tooltip_delay = 0.4;
        style.animation_time = 0.0;
    });
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let mut add = |name: &str, bytes: &'static [u8], family: FontFamily| {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
        fonts.families.entry(family).or_default().insert(0, name.to_owned());
    };
    add("inter", include_bytes!("../../assets/fonts/Inter-Regular.otf"), FontFamily::Proportional);
    add("mono", include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf"), FontFamily::Monospace);
    add("inter-semibold", include_bytes!("../../assets/fonts/Inter-SemiBold.otf"), strong_family());
    // What these lack (emoji, other scripts) comes from the fonts behind the proportional family.
    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    fonts.families.entry(strong_family()).or_default().extend(fallback.clone());
    fonts.families.entry(FontFamily::Monospace).or_default().extend(fallback);
    fonts
}

fn visuals(theme: &Theme) -> Visuals {
    let colours = &theme.colours;
    let mut visuals = if theme.dark { Visuals::dark() } else { Visuals::light() };
    let widget = |fill, border, text| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, border),
        fg_stroke: Stroke::new(1.0, text),
        corner_radius: theme.radius,
        expansion: 0.0,
    };
    visuals.override_text_color = Some(colours.text);
    visuals.panel_fill = colours.surface;
    visuals.window_fill = colours.surface;
    visuals.window_stroke = theme.hairline();
    visuals.window_corner_radius = theme.card_radius;
    visuals.menu_corner_radius = theme.card_radius;
    visuals.extreme_bg_color = colours.bg;
    visuals.text_edit_bg_color = Some(colours.surface);
    visuals.faint_bg_color = colours.surface_2;
    visuals.code_bg_color = colours.surface_2;
    visuals.hyperlink_color = colours.accent;
    visuals.error_fg_color = colours.denied;
    visuals.warn_fg_color = colours.ending;
    visuals.selection.bg_fill = colours.accent_soft;
    visuals.selection.stroke = Stroke::new(1.0, colours.accent);
    visuals.widgets.noninteractive = widget(colours.surface, colours.border, colours.text);
    visuals.widgets.inactive = widget(colours.surface, colours.border, colours.text);
    visuals.widgets.hovered = widget(colours.surface_2, colours.border, colours.text);
    visuals.widgets.active = widget(colours.accent_soft, colours.accent, colours.text);
    visuals.widgets.open = widget(colours.surface_2, colours.accent, colours.text);
    visuals.text_cursor.stroke = Stroke::new(1.5, colours.accent);
    visuals.text_cursor.blink = false;
    let shadow = |blur, alpha| egui::Shadow {
        offset: [0, 4],
        blur,
        spread: 0,
        color: Color32::from_black_alpha(alpha),
    };
    visuals.popup_shadow = shadow(16, if theme.dark { 110 } else { 40 });
    visuals.window_shadow = shadow(32, if theme.dark { 140 } else { 60 });
    visuals
}
